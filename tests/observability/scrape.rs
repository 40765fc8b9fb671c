//! Reading `/metrics` strictly.

use std::collections::{BTreeMap, BTreeSet};

/// The labels of a series.
pub(crate) type Labels = BTreeMap<String, String>;

/// What a scrape showed.
#[derive(Debug, Default)]
pub(crate) struct Scrape {
    /// Families by the name that queries use, and their kinds.
    pub(crate) families: BTreeMap<String, String>,
    samples: BTreeMap<(String, Labels), String>,
}

impl Scrape {
    /// Scrapes the probes at this address.
    pub(crate) async fn of(probes: &str) -> Self {
        let response = reqwest::get(format!("{probes}/metrics")).await.unwrap();
        let content_type = response.headers()["content-type"].to_str().unwrap();
        let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        assert_eq!(content_type, openmetrics);
        Self::parse(&response.text().await.unwrap())
    }

    fn parse(text: &str) -> Self {
        let (body, end) = text.split_once("# EOF\n").expect("it ends with # EOF");
        assert_eq!(end, "", "nothing follows # EOF");
        let mut scrape = Self::default();
        let mut described = BTreeSet::new();
        let mut family = (String::new(), String::new());
        for line in body.lines() {
            if let Some(rest) = line.strip_prefix("# ") {
                let [word, name, rest] = rest.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                    panic!("{line}")
                };
                match word {
                    "HELP" => assert!(described.insert(name.to_owned()), "twice: {line}"),
                    "TYPE" => {
                        family = (name.to_owned(), rest.to_owned());
                        scrape.families.insert(queried(name, rest), rest.to_owned());
                    }
                    "UNIT" => assert!(name.ends_with(&format!("_{rest}")), "{line}"),
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (name, labels, value) = sample(line);
            let suffix = name.strip_prefix(&family.0);
            let suffix = suffix.unwrap_or_else(|| panic!("{line} is not of {}", family.0));
            let allowed: &[&str] = match family.1.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "histogram" => &["_sum", "_count", "_bucket"],
                "info" => &["_info"],
                other => panic!("{line}: {other}"),
            };
            assert!(allowed.contains(&suffix), "{line}");
            let series = (name, labels);
            assert!(!scrape.samples.contains_key(&series), "twice: {line}");
            scrape.samples.insert(series, value);
        }
        scrape
    }

    /// The sum over all series with this name and at least these labels, which are whole numbers.
    pub(crate) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let matches = |series: &Labels| {
            let mut wanted = labels.iter();
            wanted.all(|(label, value)| series.get(*label).is_some_and(|has| has == value))
        };
        let values = self.samples.iter();
        let values = values.filter(|((its, labels), _)| its == name && matches(labels));
        let whole = |value: &String| value.parse::<u64>().expect("a count");
        values.map(|(_, value)| whole(value)).sum()
    }

    /// The labels that the series of a family have, without the bounds of buckets.
    pub(crate) fn labels(&self, family: &str) -> BTreeSet<String> {
        let of_family = self.samples.keys().filter(|(name, _)| {
            let suffix = name.strip_prefix(family);
            suffix.is_some_and(|suffix| ["", "_sum", "_count", "_bucket"].contains(&suffix))
        });
        let labels = of_family.flat_map(|(_, labels)| labels.keys());
        labels.filter(|label| *label != "le").cloned().collect()
    }

    /// How many series there are.
    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }
}

/// The name of a family in queries.
fn queried(name: &str, kind: &str) -> String {
    match kind {
        "counter" => format!("{name}_total"),
        "info" => format!("{name}_info"),
        _ => name.to_owned(),
    }
}

fn sample(line: &str) -> (String, Labels, String) {
    let (series, value) = line.rsplit_once(' ').expect("a value");
    let (name, labels) = match series.split_once('{') {
        Some((name, labels)) => (name, labels.strip_suffix('}').expect("a closing brace")),
        None => (series, ""),
    };
    let labels = labels.strip_suffix('"').unwrap_or(labels);
    let pairs = labels.split("\",").filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (label, value) = pair.split_once("=\"").expect("a pair");
        (label.to_owned(), value.to_owned())
    });
    assert!(value.parse::<f64>().is_ok(), "{line}");
    (name.to_owned(), pairs.collect(), value.to_owned())
}
