//! Nothing: the clients are asked in `tests/`.
