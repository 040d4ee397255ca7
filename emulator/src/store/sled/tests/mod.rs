//! What only this store promises: space, recovery, locks, and what survives.

mod audit;
mod crash;
mod recovery;
mod space;
mod uploads;
