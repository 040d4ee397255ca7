//! `LineReader`: lines of a bounded length out of bytes that come in any pieces.

/// How much of a bad line an explanation shows.
const SHOWN_BYTES_MAX: usize = 80;

/// The start of a line that has not ended yet.
#[derive(Debug, Default)]
pub(super) struct LineReader {
    started: Vec<u8>,
}

impl LineReader {
    pub(super) fn is_empty(&self) -> bool {
        self.started.is_empty()
    }

    /// Takes bytes up to and with the next LF; the line is without it. `None` if there is none yet,
    /// an error if there is none where a line must have ended.
    pub(super) fn take(
        &mut self,
        input: &mut &[u8],
        bytes_max: usize,
    ) -> Result<Option<Vec<u8>>, LineTooLong> {
        let room = bytes_max - self.started.len().min(bytes_max);
        let end = input.iter().take(room).position(|byte| *byte == b'\n');
        let length = end.unwrap_or_else(|| input.len().min(room));
        self.started.extend_from_slice(&input[..length]);
        if end.is_some() {
            *input = &input[length + 1..];
            return Ok(Some(std::mem::take(&mut self.started)));
        }
        *input = &input[length..];
        if self.started.len() >= bytes_max {
            return Err(LineTooLong { found: start_of(&self.started) });
        }
        Ok(None)
    }

    /// Takes back the memory of a line that was read.
    pub(super) fn give_back(&mut self, mut line: Vec<u8>) {
        line.clear();
        self.started = line;
    }
}

/// A line that does not end.
#[derive(Debug)]
pub(super) struct LineTooLong {
    /// Its start.
    pub(super) found: String,
}

/// As much of a line as may be shown.
pub(super) fn start_of(line: &[u8]) -> String {
    let end = line.len().min(SHOWN_BYTES_MAX);
    String::from_utf8_lossy(&line[..end]).into_owned()
}
