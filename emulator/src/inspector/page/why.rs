//! Why a request was refused, part by part: what happened, what to change, and what shows it.

use stuntbucket_signer::verify::Certainty;
use stuntbucket_signer::verify::ConditionOutcome;
use stuntbucket_signer::verify::Diff;
use stuntbucket_signer::verify::DiffLine;
use stuntbucket_signer::verify::JudgedCondition;
use stuntbucket_signer::verify::Side;

use super::html::escaped;
use super::html::explained;
use crate::explanation::Decision;
use crate::explanation::Explanation;
use crate::explanation::NearestRule;

/// What happened and what to change.
pub(super) fn sentences(code: Option<&str>, why: &Explanation) -> String {
    let code = code.map(|code| format!("<strong>{}</strong> ", escaped(code))).unwrap_or_default();
    let advice = why.advice.as_deref().map(explained);
    let advice = advice.map(|advice| format!("<p class=\"advice\">{advice}</p>\n"));
    let certainty = match why.certainty {
        Certainty::Certain => "",
        Certainty::OneOfSeveral => {
            "<p class=\"hint\">Several mistakes make this signature; one of them was made.</p>\n"
        }
        Certainty::Probable => "<p class=\"hint\">The cause is not known for certain.</p>\n",
    };
    format!(
        "<p class=\"explanation refused\">{code}{}</p>\n{}{certainty}",
        explained(&why.what),
        advice.unwrap_or_default()
    )
}

/// What shows it, as far as there is something.
pub(super) fn shown(why: &Explanation) -> String {
    let decision = why.decision.as_ref().map(decision).unwrap_or_default();
    let diff = why.diff.as_ref().map(diff).unwrap_or_default();
    decision + &conditions(&why.conditions) + &diff
}

fn decision(decision: &Decision) -> String {
    let statement = match (decision.statement, &decision.sid) {
        (Some(number), Some(sid)) => format!("{number} (`{sid}`)"),
        (Some(number), None) => number.to_string(),
        (None, _) => String::new(),
    };
    let rows = [
        ("Action", decision.action.as_str()),
        ("On", &decision.resource),
        ("By", &decision.caller),
        ("Statement", &statement),
        ("Because", &decision.because),
    ];
    let rows = rows.iter().filter(|(_, value)| !value.is_empty());
    let rows = rows.map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>\n", explained(value)));
    format!("<h3>What decided</h3>\n<dl>\n{}</dl>\n", rows.collect::<String>())
}

/// The CORS rule that comes nearest.
pub(super) fn nearest_rule(rule: &NearestRule) -> String {
    let id = rule.id.as_deref().map(|id| format!(" (`{id}`)")).unwrap_or_default();
    let misses = rule.misses.iter().map(|miss| {
        let hint = miss.hint.as_deref().map(|hint| format!(": {hint}")).unwrap_or_default();
        let allowed: Vec<_> = miss.allowed.iter().map(|allowed| format!("`{allowed}`")).collect();
        let allowed = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
        let text = format!("`{}` is asked for, and {} has {allowed}", miss.asked, miss.element);
        format!("<li>{}</li>", explained(&(text + &hint)))
    });
    format!(
        "<h3>{}</h3>\n<ul class=\"remarks\">{}</ul>\n",
        explained(&format!("CORS rule {}{id} comes nearest", rule.number)),
        misses.collect::<String>()
    )
}

fn conditions(conditions: &[JudgedCondition]) -> String {
    if conditions.is_empty() {
        return String::new();
    }
    let row = |judged: &JudgedCondition| {
        let (class, verdict) = match (judged.problem(), &judged.outcome) {
            (Some(problem), _) => ("failed", format!("not met: {problem}")),
            (None, ConditionOutcome::AfterTheFile) => ("later", "judged after the file".to_owned()),
            (None, _) => ("met", "met".to_owned()),
        };
        let remedy = judged.remedy().map(|remedy| format!("{remedy} would meet it"));
        format!(
            "<tr class=\"{class}\"><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
            escaped(&judged.condition),
            explained(&verdict),
            explained(&remedy.unwrap_or_default()),
        )
    };
    format!(
        "<h3 id=\"conditions\">Conditions of the policy</h3>\n\
         <table class=\"conditions\" aria-labelledby=\"conditions\">\n\
         <thead><tr><th scope=\"col\">Condition</th><th scope=\"col\">Verdict</th>\
         <th scope=\"col\">Remedy</th></tr></thead>\n\
         <tbody>\n{}</tbody>\n</table>\n",
        conditions.iter().map(row).collect::<String>()
    )
}

/// Both texts side by side: the lines that differ next to each other, those that both have once.
fn diff(diff: &Diff) -> String {
    let mut rows = String::new();
    let mut lines = diff.lines.as_slice();
    while let [first, rest @ ..] = lines {
        if first.side == Side::Both {
            let text = escaped(&first.text);
            rows += &format!("<tr><td colspan=\"2\">{text}</td></tr>\n");
            lines = rest;
            continue;
        }
        let end = lines.iter().position(|line| line.side == Side::Both).unwrap_or(lines.len());
        let (hunk, after) = lines.split_at(end);
        rows += &differing(hunk);
        lines = after;
    }
    format!(
        "<h3 id=\"diff\">What was signed: the {name}</h3>\n\
         <table class=\"diff\" aria-labelledby=\"diff\">\n\
         <thead><tr><th scope=\"col\">by the client</th><th scope=\"col\">by the emulator</th>\
         </tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n",
        name = diff.of.name()
    )
}

/// Lines of which each is on one side only.
fn differing(hunk: &[DiffLine]) -> String {
    let of = |side| hunk.iter().filter(move |line| line.side == side);
    let (mut client, mut verifier) = (of(Side::Client), of(Side::Verifier));
    let mut rows = String::new();
    loop {
        let (client, verifier) = (client.next(), verifier.next());
        if client.is_none() && verifier.is_none() {
            return rows;
        }
        let is_first =
            [client, verifier].into_iter().flatten().any(|line| line.is_first_difference);
        let (class, mark) = if is_first {
            ("differs first", "<span class=\"mark\">first difference</span> ")
        } else {
            ("differs", "")
        };
        let [client, verifier] = [client, verifier].map(|line| line.map(|line| &*line.text));
        let (common, until) = match (client, verifier) {
            (Some(client), Some(verifier)) => alike(client, verifier),
            _ => (0, 0),
        };
        let cell = |text: Option<&str>, tag: &str, mark: &str| match text {
            Some(text) => format!("<td>{mark}{}</td>", marked(text, common, until, tag)),
            None => format!("<td class=\"none\">{mark}<span>no such line</span></td>"),
        };
        rows += &format!(
            "<tr class=\"{class}\">{}{}</tr>\n",
            cell(client, "del", mark),
            cell(verifier, "ins", "")
        );
    }
}

/// How many bytes two lines have in common at their starts and, behind these, at their ends.
fn alike(one: &str, other: &str) -> (usize, usize) {
    let start = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let start = start.map(|(character, _)| character.len_utf8()).sum();
    let ends = one[start..].chars().rev().zip(other[start..].chars().rev());
    let end = ends.take_while(|(a, b)| a == b).map(|(character, _)| character.len_utf8()).sum();
    (start, end)
}

/// A line with what is only on its side in this element.
fn marked(text: &str, start: usize, end: usize, tag: &str) -> String {
    let end = text.len() - end;
    let (before, middle, after) = (&text[..start], &text[start..end], &text[end..]);
    format!("{}<{tag}>{}</{tag}>{}", escaped(before), escaped(middle), escaped(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_laid_side_by_side_with_what_differs_marked() {
        let line = |side, text: &str, is_first_difference| DiffLine {
            side,
            text: text.to_owned(),
            is_first_difference,
        };
        let hunk = [
            line(Side::Client, "host:a<b", true),
            line(Side::Client, "é=1", false),
            line(Side::Verifier, "host:a<bc", false),
        ];
        assert_eq!(
            differing(&hunk),
            "<tr class=\"differs first\"><td><span class=\"mark\">first difference</span> \
             host:a&lt;b<del></del></td><td>host:a&lt;b<ins>c</ins></td></tr>\n\
             <tr class=\"differs\"><td><del>é=1</del></td>\
             <td class=\"none\"><span>no such line</span></td></tr>\n"
        );
    }

    #[test]
    fn the_ends_that_two_lines_share_do_not_overlap() {
        for (one, other, expected) in [
            ("aa", "aaa", (2, 0)),
            ("abcd", "axcd", (1, 2)),
            ("é", "è", (0, 0)),
            ("aéb", "aèb", (1, 1)),
            ("", "x", (0, 0)),
        ] {
            assert_eq!(alike(one, other), expected, "{one} {other}");
        }
    }
}
