//! The faults that nothing can notice, each with the reason. People write this table.

use mapi_session_model::Fault;

use super::table::{self, TableError};

const HEADER: [&str; 3] = ["fault", "unnoticed_by", "reason"];

/// Who cannot notice a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// No property does.
    Properties,
    /// The sound core does what the faulty model does.
    Core,
    /// Neither.
    Both,
}

/// The faults that nothing can notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unobservable(Vec<(Fault, By, String)>);

impl Unobservable {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed or names an unknown fault.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut listed: Vec<(Fault, By, String)> = Vec::new();
        for row in table::read_with(file, text, &HEADER)? {
            let [fault, by, reason] = row.columns[..] else {
                return row.error("expected 3 columns");
            };
            let by = match by {
                "properties" => By::Properties,
                "core" => By::Core,
                "both" => By::Both,
                _ => {
                    let what = format!("expected `properties`, `core` or `both`, found {by:?}");
                    return row.error(what);
                }
            };
            match Fault::parse(fault) {
                None => return row.error(format!("unknown fault {fault:?}")),
                Some(fault) if listed.iter().any(|(it, ..)| *it == fault) => {
                    return row.error(format!("the fault {fault} stands here twice"));
                }
                Some(fault) => listed.push((fault, by, reason.to_owned())),
            }
        }
        Ok(Self(listed))
    }

    /// Who cannot notice a fault, and why.
    pub fn get(&self, fault: Fault) -> Option<(By, &str)> {
        self.0.iter().find(|(it, ..)| *it == fault).map(|(_, by, reason)| (*by, reason.as_str()))
    }

    /// Why no property notices a fault, if that is listed.
    pub fn by_properties(&self, fault: Fault) -> Option<&str> {
        match self.get(fault)? {
            (By::Properties | By::Both, reason) => Some(reason),
            (By::Core, _) => None,
        }
    }

    /// Why the core does not part from a fault, if that is listed.
    pub fn by_core(&self, fault: Fault) -> Option<&str> {
        match self.get(fault)? {
            (By::Core | By::Both, reason) => Some(reason),
            (By::Properties, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_fault_has_a_reason_and_who_cannot_notice_it() {
        let text = "fault\tunnoticed_by\treason\nJoin-never\tcore\tno reason at all\n";
        let listed = Unobservable::parse("it", text).expect("it is well formed");
        let fault = Fault::parse("Join-never").expect("there is such a fault");
        assert_eq!(listed.by_core(fault), Some("no reason at all"));
        assert_eq!(listed.by_properties(fault), None);
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_line() {
        let header = HEADER.join("\t");
        for row in [
            "Join-never\tcore",
            "Join-never\tnobody\tbecause",
            "Join-rarely\tcore\tbecause",
            "Join-never\tcore\t",
        ] {
            let error = Unobservable::parse("it", &format!("{header}\n{row}\n"));
            assert_eq!(error.expect_err("it is malformed").line, 2, "{row:?}");
        }
    }
}
