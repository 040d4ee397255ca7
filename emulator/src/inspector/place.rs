//! `Place`: what stands at which path of the inspector.

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The page.
    Page,
    /// The page with this request opened.
    PageOf(u64),
    Health,
    Requests,
    Request(u64),
    /// New requests, as they come.
    Live,
    Clock,
    Users,
    Config,
    /// Would it be allowed, and by what.
    Access,
}

impl Place {
    /// The place at a path.
    pub(super) fn find(path: &str) -> Option<Self> {
        let place = match path {
            "/" => Self::Page,
            "/health" => Self::Health,
            "/api/v1/requests" => Self::Requests,
            "/api/v1/requests/live" => Self::Live,
            "/api/v1/clock" => Self::Clock,
            "/api/v1/users" => Self::Users,
            "/api/v1/config" => Self::Config,
            "/api/v1/access" => Self::Access,
            _ => match path.strip_prefix("/api/v1/requests/") {
                Some(id) => Self::Request(number(id)?),
                None => Self::PageOf(number(path.strip_prefix("/requests/")?)?),
            },
        };
        Some(place)
    }

    /// The methods it knows, as they stand in `Allow`.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::Clock => "GET, HEAD, POST",
            Self::Page
            | Self::PageOf(_)
            | Self::Health
            | Self::Requests
            | Self::Request(_)
            | Self::Live
            | Self::Users
            | Self::Config
            | Self::Access => "GET, HEAD",
        }
    }
}

/// A number in its only spelling: no sign, no leading zero.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}
