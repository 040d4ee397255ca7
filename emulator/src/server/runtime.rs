//! The one runtime on which all emulators of a process are served.

use std::io;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::runtime::Builder;
use tokio::runtime::Handle;
use tokio::runtime::Runtime;

/// Started with the first emulator, and then kept: starting threads costs more than an emulator.
/// It holds no state of any emulator.
static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);

/// The runtime, started if this is the first call.
pub(crate) fn handle() -> io::Result<Handle> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*runtime {
        return Ok(runtime.handle().clone());
    }
    let started = Builder::new_multi_thread().thread_name("stuntbucket").enable_all().build()?;
    let handle = started.handle().clone();
    *runtime = Some(started);
    Ok(handle)
}
