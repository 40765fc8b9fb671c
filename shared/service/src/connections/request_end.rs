//! Where a request ends in what was read, so that no more is handed over than what is answered next.
//!
//! It decides nothing about a request: actix-http reads it by the rules. Where the two disagree about a request
//! that is malformed, a few are read ahead, as many as fit into one read.

use memchr::memchr_iter;

const CONTENT_LENGTH: &[u8] = b"content-length:";

/// What was seen of a request so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RequestEnd {
    /// A line that was not empty.
    has_begun: bool,
    /// The last line, which has no end yet, is not empty.
    is_within_line: bool,
    content_length: u64,
    /// How much of the body is still to come, by its `Content-Length`.
    body_left: u64,
}

impl RequestEnd {
    /// How many of these bytes belong to the request whose head is being read, and whether its head ends there.
    pub(super) fn of_head(&mut self, bytes: &[u8]) -> (usize, bool) {
        let Some(head) = self.head_end(bytes) else {
            return (bytes.len(), false);
        };
        let here = self.body_left_in(bytes.len().saturating_sub(head));
        (head + here, true)
    }

    /// How many of these bytes belong to the body that is being read.
    pub(super) fn of_body(&mut self, bytes: &[u8]) -> usize {
        if self.body_left > 0 {
            return self.body_left_in(bytes.len());
        }
        // A chunked body ends with an empty line, and what it holds may have some, too.
        self.has_begun = true;
        self.head_end(bytes).unwrap_or(bytes.len())
    }

    fn body_left_in(&mut self, available: usize) -> usize {
        let left = usize::try_from(self.body_left).unwrap_or(usize::MAX);
        let here = available.min(left);
        self.body_left -= u64::try_from(here).unwrap_or(self.body_left);
        here
    }

    /// The end of the first empty line after one that is not.
    fn head_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut start = 0;
        for newline in memchr_iter(b'\n', bytes) {
            let line = bytes.get(start..newline).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            start = newline + 1;
            if !line.is_empty() || self.is_within_line {
                self.has_begun = true;
                self.is_within_line = false;
                self.content_length = content_length(line).unwrap_or(self.content_length);
            } else if self.has_begun {
                *self = Self {
                    body_left: self.content_length,
                    ..Self::default()
                };
                return Some(start);
            }
        }
        let rest = bytes.get(start..).unwrap_or_default();
        self.is_within_line |= !matches!(rest, b"" | b"\r");
        None
    }
}

fn content_length(line: &[u8]) -> Option<u64> {
    let (name, value) = line.split_at_checked(CONTENT_LENGTH.len())?;
    if !name.eq_ignore_ascii_case(CONTENT_LENGTH) {
        return None;
    }
    str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    const POST: &[u8] = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\na\n\nb";

    /// The lengths in which several requests are handed over, when they are read in pieces of `piece` bytes.
    fn handed_over(mut bytes: &[u8], piece: usize) -> Vec<usize> {
        let (mut end, mut lengths, mut length) = (RequestEnd::default(), Vec::new(), 0);
        let mut in_head = true;
        while !bytes.is_empty() {
            let seen = &bytes[..piece.min(bytes.len())];
            let taken = if in_head {
                let (taken, ended) = end.of_head(seen);
                in_head = !ended;
                taken
            } else {
                end.of_body(seen)
            };
            bytes = &bytes[taken..];
            length += taken;
            if !in_head && end.body_left == 0 {
                lengths.push(length);
                (length, in_head) = (0, true);
            }
        }
        lengths
    }

    #[test]
    fn requests_are_handed_over_one_by_one_however_they_are_read() {
        let all = [GET, POST, GET, b"\r\n", GET, b"\n", POST, POST].concat();
        let (get, post) = (GET.len(), POST.len());
        for piece in [1, 2, 3, 7, 16, 40, 8192] {
            // A header that is cut in two is not seen; then its body follows when somebody asks for it.
            if piece >= 40 {
                let expected = [get, post, get, get + 2, post + 1, post];
                assert_eq!(handed_over(&all, piece), expected, "{piece}");
            }
            let gets = [GET, GET, b"\r\n\r\n\r\n", GET].concat();
            assert_eq!(handed_over(&gets, piece), [get, get, get + 6], "{piece}");
        }
    }

    #[test]
    fn lines_may_end_without_a_carriage_return() {
        assert_eq!(handed_over(b"GET /\n\nGET /\r\n\n", 8192), [7, 8]);
    }

    #[test]
    fn a_body_of_chunks_is_handed_over_as_far_as_its_first_empty_line() {
        let mut end = RequestEnd::default();
        assert_eq!(end.of_body(b"4\r\nabcd\r\n0\r\n\r\nGET / HT"), 14);
        assert_eq!(end.of_body(b"4\r\nabcd\r\n"), 9);
    }

    #[test]
    fn a_length_that_is_no_number_is_left_to_who_reads_by_the_rules() {
        for wrong in ["x", "", "-1", "99999999999999999999999"] {
            let head = format!("POST / HTTP/1.1\r\ncontent-length: {wrong}\r\n\r\n");
            assert_eq!(handed_over(head.as_bytes(), 8192), [head.len()], "{wrong}");
        }
    }
}
