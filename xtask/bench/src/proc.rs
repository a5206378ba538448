//! What the operating system knows about this process. Memory is read where Linux shows it, and unknown
//! elsewhere.

use std::time::Duration;

/// Memory in KiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The most that was ever resident.
    pub(crate) peak: u64,
    /// What is resident now.
    pub(crate) now: u64,
}

pub(crate) fn memory() -> Option<Memory> {
    parse_status(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn parse_status(status: &str) -> Option<Memory> {
    Some(Memory {
        peak: kibibytes(status, "VmHWM")?,
        now: kibibytes(status, "VmRSS")?,
    })
}

/// A line such as `VmHWM:   12345 kB`.
fn kibibytes(status: &str, name: &str) -> Option<u64> {
    let value = |line: &str| {
        let (number, unit) = line
            .strip_prefix(name)?
            .strip_prefix(':')?
            .trim()
            .split_once(' ')?;
        (unit.trim() == "kB").then(|| number.parse().ok()).flatten()
    };
    status.lines().find_map(value)
}

/// User and system time of all threads. The clock counts nanoseconds, where `/proc/self/stat` counts
/// hundredths of a second.
#[cfg(unix)]
pub(crate) fn cpu_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(
        time.tv_sec.try_into().ok()?,
        time.tv_nsec.try_into().ok()?,
    ))
}

#[cfg(not(unix))]
pub(crate) fn cpu_time() -> Option<Duration> {
    None
}

/// User and system time of all processes that this one started, directly or not, and that have ended. What
/// else the machine was busy with makes a build last longer, and not this.
#[cfg(target_os = "linux")]
pub(crate) fn cpu_time_of_children() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    parse_stat(&stat, rustix::param::clock_ticks_per_second())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn cpu_time_of_children() -> Option<Duration> {
    None
}

/// Fields 16 and 17, `cutime` and `cstime`, in ticks. Counted from the end of the program's name, which may
/// hold anything.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "the file is Linux's"))]
fn parse_stat(stat: &str, ticks_per_second: u64) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    // The first field after the name is the third.
    let mut fields = after_name.split_whitespace().skip(16 - 3);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let ticks = ticks()?.checked_add(ticks()?)?;
    Some(Duration::from_secs_f64(
        ticks as f64 / ticks_per_second.max(1) as f64,
    ))
}

/// Lets this process have as many open files as it may: 2,000 callers of a client without a cap have 2,000
/// connections, and many shells allow 1,024. Where it does not help, connecting fails and says so.
#[cfg(unix)]
pub(crate) fn allow_many_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = getrlimit(Resource::Nofile);
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limits.maximum,
            maximum: limits.maximum,
        },
    );
}

#[cfg(not(unix))]
pub(crate) fn allow_many_files() {}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Name:\tverikit-bench\nVmPeak:\t  999999 kB\nVmSize:\t  888888 kB\nVmHWM:\t   15360 kB\n\
                          VmRSS:\t   14336 kB\nRssAnon:\t    7000 kB\nThreads:\t3\n";

    #[test]
    fn memory_is_read_from_status() {
        assert_eq!(
            parse_status(STATUS),
            Some(Memory {
                peak: 15_360,
                now: 14_336
            })
        );
        assert_eq!(parse_status("Name:\tx\nVmHWM:\t1 kB\n"), None);
        assert_eq!(kibibytes("VmHWM:\t12 MB\n", "VmHWM"), None);
        assert_eq!(kibibytes("VmHWMx:\t12 kB\n", "VmHWM"), None);
        assert_eq!(kibibytes("VmHWM:\t kB\n", "VmHWM"), None);
    }

    #[test]
    fn the_time_of_children_is_read_from_stat() {
        let stat = "4242 (a ) b) S 1 2 3 4 5 6 7 8 9 10 1100 1200 1350 150 20 0 3 0 99 100 200\n";
        assert_eq!(parse_stat(stat, 100), Some(Duration::from_secs(15)));
        assert_eq!(parse_stat("4242 (x) S 1 2 3", 100), None);
        assert_eq!(parse_stat("", 100), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_memory_and_used_time() {
        let memory = memory().unwrap();
        assert!(memory.peak >= memory.now && memory.now > 0);
        assert!(cpu_time().unwrap() > Duration::ZERO);
        assert!(cpu_time_of_children().is_some());
    }
}
