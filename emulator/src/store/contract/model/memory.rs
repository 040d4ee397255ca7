//! A body that is bytes in memory.

use std::any::Any;

use bytes::Bytes;

use crate::store::BodyWriter;
use crate::store::KeptBody;
use crate::store::Part;
use crate::store::StoreError;
use crate::store::StoredBody;

/// Bytes, and the parts that they were joined of.
#[derive(Clone)]
pub(super) struct Memory(pub(super) Vec<u8>, pub(super) Vec<Part>);

impl BodyWriter for Memory {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn blocks(&self, _more: usize) -> bool {
        false
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn KeptBody>, StoreError> {
        Ok(self)
    }
}

impl KeptBody for Memory {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl StoredBody for Memory {
    fn read_at(&self, offset: u64, bytes_max: usize) -> Result<Bytes, StoreError> {
        let rest = self.0.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        Ok(Bytes::copy_from_slice(&rest[..rest.len().min(bytes_max)]))
    }

    fn blocks(&self) -> bool {
        false
    }

    fn parts(&self) -> Result<&[Part], StoreError> {
        Ok(&self.1)
    }
}
