//! Looks through a whole store for what nobody needs any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::store::SledStore;
use crate::store::sled::bodies::BodyId;
use crate::store::sled::bodies::Place;
use crate::store::sled::database::Database;
use crate::store::sled::encode;
use crate::store::sled::keys;
use crate::store::sled::keys::Owner;
use crate::store::sled::uploads;

impl SledStore {
    /// Asserts that every body has an owner that names it, and that no note is left. Nobody may
    /// read from the store.
    #[track_caller]
    pub(crate) fn assert_nothing_is_left_over(&self) {
        // What was left over before the first flush is gone before the second, or some of it if it
        // is much.
        let mut flushes = 0;
        while flushes < 2 || flushes < 100 && !self.database.garbage.is_empty() {
            self.database.flush_now().unwrap();
            flushes += 1;
        }
        let audit = Audit::of(&self.database);
        assert_eq!(audit.notes, 0, "notes are left");
        assert_eq!(audit.owned, audit.named, "owners and records do not say the same");
        assert_eq!(audit.pieces, audit.in_pieces(), "pieces");
        assert_eq!(audit.files, audit.in_files(), "files");
        assert_eq!(audit.blobs, 0, "sled has put a value into a file");
    }
}

/// What is in a store, by the names of bodies.
#[derive(Debug)]
pub(super) struct Audit {
    pub(super) notes: usize,
    /// The rows of owners.
    owned: BTreeSet<Vec<u8>>,
    /// The rows that the records ask for.
    named: BTreeSet<Vec<u8>>,
    named_bodies: Vec<(String, Place)>,
    /// The bodies that have pieces.
    pub(super) pieces: BTreeSet<String>,
    /// The files of bodies.
    pub(super) files: BTreeSet<String>,
    /// Files of sled's own.
    pub(super) blobs: usize,
}

impl Audit {
    pub(super) fn of(database: &Database) -> Self {
        let mut named = BTreeSet::new();
        let mut named_bodies = Vec::new();
        for record in &database.versions {
            let (at, bytes) = record.unwrap();
            for body in encode::decode_object(&bytes).unwrap().0.bodies() {
                named.insert(keys::owner(body.id, &Owner::Version(at.to_vec())));
                named_bodies.push((body.id.file_name(), body.place));
                if body.place == Place::List {
                    let owner = Owner::List(body.id.to_bytes().to_vec());
                    for body in database.bodies_of_list(&body.id.to_bytes()).unwrap() {
                        named.insert(keys::owner(body.id, &owner));
                        named_bodies.push((body.id.file_name(), body.place));
                    }
                }
            }
        }
        for record in &database.uploads {
            let (at, bytes) = record.unwrap();
            if let Some(body) = uploads::moved_of_upload(&bytes).unwrap() {
                named.insert(keys::owner(body.id, &Owner::Upload(at.to_vec())));
                named_bodies.push((body.id.file_name(), body.place));
            }
        }
        for record in &database.parts {
            let (at, bytes) = record.unwrap();
            if let Some(body) = uploads::body_of_part(&bytes).unwrap() {
                named.insert(keys::owner(body.id, &Owner::Part(at.to_vec())));
                named_bodies.push((body.id.file_name(), body.place));
            }
        }
        for record in &database.buckets {
            let (at, bytes) = record.unwrap();
            if let Some(body) = encode::moved_of_bucket(&bytes).unwrap() {
                named.insert(keys::owner(body.id, &Owner::Bucket(at.to_vec())));
                named_bodies.push((body.id.file_name(), body.place));
            }
        }
        let id_of = |at: sled::IVec| match at.get(..16).and_then(BodyId::from_bytes) {
            Some(id) => id.file_name(),
            None => format!("{at:?}"),
        };
        Self {
            notes: database.garbage.len(),
            owned: database.owners.iter().keys().map(|at| at.unwrap().to_vec()).collect(),
            named,
            named_bodies,
            pieces: database.bodies.iter().keys().map(|at| id_of(at.unwrap())).collect(),
            files: names_in(&database.folder.bodies()).into_iter().collect(),
            blobs: names_in(&database.folder.database().join("blobs")).len(),
        }
    }

    fn in_pieces(&self) -> BTreeSet<String> {
        let lists = self.in_place(Place::List);
        self.in_place(Place::Pieces).into_iter().chain(lists).collect()
    }

    fn in_files(&self) -> BTreeSet<String> {
        self.in_place(Place::File)
    }

    fn in_place(&self, place: Place) -> BTreeSet<String> {
        let those = self.named_bodies.iter().filter(|body| body.1 == place);
        those.map(|body| body.0.clone()).collect()
    }
}

pub(super) fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
