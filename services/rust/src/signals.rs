//! Waits to be asked to stop. Declared by hand, since the standard library has no signals and a
//! dependency would have to be fetched; both glibc and musl have these functions.

use std::ffi::c_int;

const SIGINT: c_int = 2;
const SIGTERM: c_int = 15;
const SIG_BLOCK: c_int = if cfg!(target_os = "linux") { 0 } else { 1 };

/// The C library's `sigset_t`: as large as the largest, which is Linux', and aligned as a long.
#[repr(C, align(8))]
struct SigSet([u8; 128]);

extern "C" {
    fn sigemptyset(set: *mut SigSet) -> c_int;
    fn sigaddset(set: *mut SigSet, signal: c_int) -> c_int;
    fn pthread_sigmask(how: c_int, set: *const SigSet, old: *mut SigSet) -> c_int;
    fn sigwait(set: *const SigSet, signal: *mut c_int) -> c_int;
    #[cfg(feature = "drill")]
    fn kill(process: c_int, signal: c_int) -> c_int;
}

/// The signals that ask a process to stop.
pub struct Stop(SigSet);

impl Stop {
    /// Blocks them in this thread and in those that it starts from now on. A blocked signal waits
    /// to be taken; also for PID 1, which never sees one that it neither blocks nor handles.
    pub fn block() -> Stop {
        let mut set = SigSet([0; 128]);
        // SAFETY: each pointer is to a set that lives on, or null where null is allowed.
        unsafe {
            sigemptyset(&mut set);
            sigaddset(&mut set, SIGINT);
            sigaddset(&mut set, SIGTERM);
            pthread_sigmask(SIG_BLOCK, &set, std::ptr::null_mut());
        }
        Stop(set)
    }

    /// Waits for one of them.
    pub fn wait(&self) {
        let mut signal = 0;
        // SAFETY: both pointers are to what lives on. Its errors, none of which can be, end the wait.
        unsafe {
            sigwait(&self.0, &mut signal);
        }
    }
}

/// Kills all processes of a group.
#[cfg(feature = "drill")]
pub fn kill_group(leader: u32) {
    const SIGKILL: c_int = 9;
    // SAFETY: it takes two numbers. 0 and 1 would mean ourselves and everybody.
    if let Some(group) = c_int::try_from(leader).ok().filter(|id| *id > 1) {
        unsafe {
            kill(-group, SIGKILL);
        }
    }
}
