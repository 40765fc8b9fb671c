//! The tables of `docs/operations.md`.

const OPERATIONS: &str = include_str!("../../docs/operations.md");

/// The rows of the first table below a heading, without the table's head: a list of cells each.
pub(crate) fn table_below(heading: &str) -> Vec<Vec<String>> {
    let (_, below) = OPERATIONS
        .split_once(&format!("{heading}\n"))
        .unwrap_or_else(|| panic!("docs/operations.md has no heading `{heading}`"));
    let lines = below
        .lines()
        .take_while(|line| !line.starts_with('#'))
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<String>> = lines.skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "there is no table below `{heading}`");
    rows
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_matches('|');
    inner
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

/// The words of a cell that are written as code.
pub(crate) fn names(cell: &str) -> Vec<String> {
    let names = cell.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}
