//! Schemas: what a document must hold, told once, to validate it and to write it in S3's order.

use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::ids::Ids;
use crate::xml::Element;
use crate::xml::Xml;

/// An element inside another.
pub(super) struct Part {
    name: &'static str,
    occurs: Occurs,
    holds: Holds,
}

/// How often an element stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occurs {
    /// Once.
    One,
    /// Once, or not.
    Perhaps,
    /// At least once.
    Some,
    /// As often as one likes.
    Any,
    /// Once; where it is missing S3 makes up an id.
    Made,
}

/// What stands in an element.
pub(super) enum Holds {
    /// Any text.
    Text,
    /// A text that is not empty.
    Name,
    /// One of these.
    Words(&'static [&'static str]),
    /// Digits that make a number of 31 bits.
    Number,
    /// Digits that make a number of 63 bits.
    Size,
    /// `true` or `false`.
    Truth,
    /// Elements.
    Parts(&'static [Part]),
    /// At most one of these elements, or with `And` several: a filter of S3.
    Filter(&'static [Part]),
    /// Somebody who is granted something, with the `xsi:type` that says how they are named.
    Grantee,
}

pub(super) const fn one(name: &'static str, holds: Holds) -> Part {
    Part { name, occurs: Occurs::One, holds }
}

pub(super) const fn perhaps(name: &'static str, holds: Holds) -> Part {
    Part { name, occurs: Occurs::Perhaps, holds }
}

pub(super) const fn some(name: &'static str, holds: Holds) -> Part {
    Part { name, occurs: Occurs::Some, holds }
}

pub(super) const fn any(name: &'static str, holds: Holds) -> Part {
    Part { name, occurs: Occurs::Any, holds }
}

pub(super) const fn made(name: &'static str) -> Part {
    Part { name, occurs: Occurs::Made, holds: Holds::Text }
}

/// A tag, as filters name one.
pub(super) static TAG: &[Part] = &[one("Key", Holds::Name), one("Value", Holds::Text)];

/// `Enabled` or `Disabled`.
pub(super) const SWITCH: Holds = Holds::Words(&["Enabled", "Disabled"]);

/// Validates what stands in the root, and writes it in the order of the schema.
pub(super) fn canonical(
    root: &Element,
    parts: &'static [Part],
    ids: &Ids,
) -> Result<String, Failure> {
    let mut xml = Xml::fragment();
    write_parts(&mut xml, root, parts, ids)?;
    Ok(xml.finish())
}

/// What S3 answers to a document that does not follow its schema.
pub(super) fn malformed(why: impl Into<Explanation>) -> Failure {
    Fault::MalformedXml.because(why)
}

fn write_parts(
    xml: &mut Xml,
    element: &Element,
    parts: &'static [Part],
    ids: &Ids,
) -> Result<(), Failure> {
    let is_known = |child: &&Element| parts.iter().any(|part| part.name == child.name());
    if let Some(odd) = element.elements().iter().find(|child| !is_known(child)) {
        return Err(malformed(format!("`{}` has no `{}`", element.name(), odd.name())));
    }
    for part in parts {
        let count = element.children(part.name).count();
        let fits = match part.occurs {
            Occurs::One => count == 1,
            Occurs::Perhaps | Occurs::Made => count <= 1,
            Occurs::Some => count >= 1,
            Occurs::Any => true,
        };
        if !fits {
            return Err(malformed(format!(
                "`{}` has {count} of `{}`, which must be there {}",
                element.name(),
                part.name,
                match part.occurs {
                    Occurs::One => "once",
                    Occurs::Perhaps | Occurs::Made => "at most once",
                    Occurs::Some | Occurs::Any => "at least once",
                },
            )));
        }
        if count == 0 && part.occurs == Occurs::Made {
            xml.leaf(part.name, ids.rule());
        }
        for child in element.children(part.name) {
            write(xml, child, part, ids)?;
        }
    }
    Ok(())
}

fn write(xml: &mut Xml, element: &Element, part: &Part, ids: &Ids) -> Result<(), Failure> {
    let name = part.name;
    match &part.holds {
        Holds::Parts(parts) => {
            xml.open(name);
            write_parts(xml, element, parts, ids)?;
            xml.close();
            return Ok(());
        }
        Holds::Filter(parts) => {
            check_filter(element)?;
            xml.open(name);
            write_parts(xml, element, parts, ids)?;
            xml.close();
            return Ok(());
        }
        Holds::Grantee => return write_grantee(xml, element),
        _ => {}
    }
    let text = element.text();
    if part.occurs == Occurs::Made && text.is_empty() {
        xml.leaf(name, ids.rule());
        return Ok(());
    }
    let word = text.trim();
    match part.holds {
        Holds::Name if text.is_empty() => {
            return Err(malformed(format!("`{name}` is empty")));
        }
        Holds::Words(words) if !words.contains(&word) => {
            return Err(malformed(format!("`{name}` is `{word}`, and not one of {words:?}")));
        }
        Holds::Number if word.parse::<u32>().ok().is_none_or(|n| n > i32::MAX.unsigned_abs()) => {
            return Err(malformed(format!("`{name}` is `{word}`, which is no number")));
        }
        Holds::Size if word.parse::<u64>().ok().is_none_or(|n| n > i64::MAX.unsigned_abs()) => {
            return Err(malformed(format!("`{name}` is `{word}`, which is no size")));
        }
        Holds::Truth if !matches!(word, "true" | "false") => {
            return Err(malformed(format!("`{name}` is `{word}`, and not `true` or `false`")));
        }
        Holds::Text | Holds::Name => xml.leaf(name, text),
        _ => xml.leaf(name, word),
    }
    Ok(())
}

/// One condition, or several that stand in `And` (recorded by LocalStack for lifecycle rules:
/// `test_put_bucket_lifecycle_conf_exc`).
fn check_filter(filter: &Element) -> Result<(), Failure> {
    if filter.elements().len() > 1 {
        return Err(malformed("a `Filter` has one condition; several stand in its `And`"));
    }
    match filter.child("And") {
        Some(and) if and.elements().len() < 2 => {
            Err(malformed("an `And` joins at least two conditions"))
        }
        _ => Ok(()),
    }
}

const XSI: (&str, &str) = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");

fn write_grantee(xml: &mut Xml, element: &Element) -> Result<(), Failure> {
    let kind = element.attribute("type").unwrap_or_default();
    let name = match kind {
        "CanonicalUser" => "ID",
        "Group" => "URI",
        "AmazonCustomerByEmail" => "EmailAddress",
        _ => return Err(malformed(format!("`{kind}` is no `xsi:type` of a `Grantee`"))),
    };
    let Some(who) = element.child(name).map(Element::text).filter(|who| !who.is_empty()) else {
        return Err(malformed(format!("a `Grantee` of the type `{kind}` has a `{name}`")));
    };
    xml.open_with("Grantee", &[XSI, ("xsi:type", kind)]);
    xml.leaf(name, who);
    xml.close();
    Ok(())
}
