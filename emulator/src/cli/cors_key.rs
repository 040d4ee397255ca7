//! `cors` of a bucket in the configuration file: rules as tables, or `"*"`.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use serde::de::SeqAccess;
use serde::de::Visitor;
use stuntbucket::CorsMethod;
use stuntbucket::CorsRule;

/// Reads the key.
pub(super) fn cors_key<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<CorsRule>, D::Error> {
    from.deserialize_any(CorsVisitor)
}

struct CorsVisitor;

impl<'de> Visitor<'de> for CorsVisitor {
    type Value = Vec<CorsRule>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`\"*\"`, which allows everything, or tables with rules")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "*" => Ok(vec![CorsRule::permissive()]),
            _ => {
                Err(E::custom(format!("`cors` is `\"*\"` or tables with rules, not `\"{text}\"`")))
            }
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut tables: A) -> Result<Self::Value, A::Error> {
        let mut rules = Vec::new();
        while let Some(table) = tables.next_element::<RuleTable>()? {
            rules.push(table.into_rule().map_err(A::Error::custom)?);
        }
        Ok(rules)
    }
}

/// One rule, in the spelling of the other keys, or as the SDKs and the console name its parts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    #[serde(alias = "ID")]
    id: Option<String>,
    #[serde(alias = "AllowedOrigins")]
    origins: Vec<String>,
    #[serde(alias = "AllowedMethods")]
    methods: Vec<String>,
    #[serde(alias = "AllowedHeaders", default)]
    headers: Vec<String>,
    #[serde(alias = "ExposeHeaders", default)]
    expose: Vec<String>,
    #[serde(alias = "MaxAgeSeconds")]
    max_age_seconds: Option<u32>,
}

impl RuleTable {
    fn into_rule(self) -> Result<CorsRule, String> {
        let mut origins = self.origins.into_iter();
        let first = origins.next().ok_or("a rule of `cors` has an origin")?;
        let methods = self.methods.iter().map(|name| {
            CorsMethod::parse(name).ok_or_else(|| {
                format!("`{name}` in `methods` is not GET, PUT, POST, DELETE or HEAD")
            })
        });
        let rule = CorsRule::new(first).methods(methods.collect::<Result<Vec<_>, _>>()?);
        let rule = origins.fold(rule, CorsRule::origin);
        let rule = self.headers.into_iter().fold(rule, CorsRule::header);
        let rule = self.expose.into_iter().fold(rule, CorsRule::expose);
        let rule = self.id.into_iter().fold(rule, CorsRule::id);
        Ok(self.max_age_seconds.into_iter().fold(rule, CorsRule::max_age_seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Table {
        #[serde(deserialize_with = "cors_key")]
        cors: Vec<CorsRule>,
    }

    fn read(text: &str) -> Result<Vec<CorsRule>, String> {
        let table = toml::from_str::<Table>(text);
        table.map(|table| table.cors).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn rules_are_tables_or_everything() {
        assert_eq!(read("cors = \"*\"").unwrap(), [CorsRule::permissive()]);
        let rule = CorsRule::new("http://localhost:3000")
            .origin("http://localhost:5173")
            .methods([CorsMethod::Put])
            .header("*")
            .expose("ETag")
            .max_age_seconds(60)
            .id("app");
        let ours = r#"
            [[cors]]
            id = "app"
            origins = ["http://localhost:3000", "http://localhost:5173"]
            methods = ["PUT"]
            headers = ["*"]
            expose = ["ETag"]
            max_age_seconds = 60
        "#;
        assert_eq!(read(ours).unwrap(), [rule]);
        let theirs = "cors = [{ AllowedOrigins = [\"*\"], AllowedMethods = [\"GET\"] }]";
        assert_eq!(read(theirs).unwrap(), [CorsRule::new("*").methods([CorsMethod::Get])]);
    }

    #[test]
    fn a_mistake_is_named() {
        for (text, complaint) in [
            ("cors = \"all\"", "`cors` is `\"*\"` or tables"),
            ("cors = 1", "or tables with rules"),
            ("cors = [{ origins = [], methods = [] }]", "has an origin"),
            ("cors = [{ origins = [\"*\"] }]", "missing field `methods`"),
            ("cors = [{ origins = [\"*\"], methods = [\"PATCH\"] }]", "`PATCH` in `methods`"),
            ("cors = [{ origins = [\"*\"], methods = [], header = [] }]", "unknown field `header`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(complaint), "{error}");
        }
    }
}
