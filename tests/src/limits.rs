//! What a service counts when a limit holds somebody back.

use crate::Answer;

/// How often the limit of this setting held somebody back, as the service's probes say.
pub async fn limit_reached(probes: &str, setting: &str) -> u64 {
    let answer = reqwest::get(format!("{probes}/metrics")).await;
    let scraped = Answer::read(answer.expect("the probes answer")).await.text;
    let series = format!("limit_reached_total{{setting=\"{setting}\"}} ");
    let line = scraped.lines().find_map(|line| line.strip_prefix(&series));
    let count = line.unwrap_or_else(|| panic!("no {series} in {scraped}"));
    count.parse().expect("a number")
}
