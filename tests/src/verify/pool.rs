//! Runs jobs side by side on the machine's threads, and gives their results in order.

use std::{
    any::Any,
    collections::VecDeque,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

/// Runs every job; the first of the list is started first. A job that panics is its message.
pub fn side_by_side<J: Send, R: Send>(
    jobs: Vec<J>,
    threads: NonZeroUsize,
    run: impl Fn(J) -> R + Sync,
) -> Vec<Result<R, String>> {
    let results: Mutex<Vec<_>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let queue: Mutex<VecDeque<_>> = Mutex::new(jobs.into_iter().enumerate().collect());
    let work = || {
        loop {
            // A statement of its own, so that the queue is free while the job runs.
            let next = locked(&queue).pop_front();
            let Some((place, job)) = next else { return };
            let result = catch_unwind(AssertUnwindSafe(|| run(job)));
            locked(&results)[place] = Some(result.map_err(|panic| message(&*panic)));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.get() {
            scope.spawn(work);
        }
        work();
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(|it| it.unwrap_or_else(|| Err("it was not run".to_owned()))).collect()
}

/// No job runs while a lock is held, so nothing is left half done behind it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a panic says.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs_and_a_panic_is_one_of_them() {
        for threads in [1, 2, 5] {
            let threads = NonZeroUsize::new(threads).expect("it is not zero");
            let results = side_by_side(vec![3, 0, 2], threads, |job: u32| {
                assert_ne!(job, 0, "job zero");
                job * 2
            });
            assert_eq!(results[0], Ok(6));
            assert!(results[1].as_ref().is_err_and(|it| it.contains("job zero")));
            assert_eq!(results[2], Ok(4));
        }
    }
}
