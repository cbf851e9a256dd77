//! The Explorer, served by a child process.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::folder::Specs;

/// A served Explorer; it is stopped with the test.
pub(crate) struct Explorer {
    child: Child,
    address: String,
}

impl Explorer {
    pub(crate) fn serve(specs: &Specs) -> Self {
        let mut command = specs.command(&["explore", "pair", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program can be run");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it says something");
        let address = line.split("http://").nth(1).and_then(|it| it.split('/').next());
        let address = address.expect("it says where").to_owned();
        Self { child, address }
    }

    /// Fetches a page; the server begins to listen soon after it says where.
    pub(crate) fn fetch(&self, page: &str) -> String {
        let patience = Instant::now() + Duration::from_secs(20);
        let mut stream = loop {
            match TcpStream::connect(&self.address) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < patience, "{}: {error}", self.address),
            }
            thread::yield_now();
        };
        let request = format!("GET {page} HTTP/1.1\r\nHost: it\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut text = Vec::new();
        stream.read_to_end(&mut text).expect("it answers");
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl Drop for Explorer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
