//! Programs and libraries of other people.
