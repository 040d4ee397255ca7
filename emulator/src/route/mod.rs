//! Route: which operation is asked for.

mod action;
mod operation;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use self::action::Action;
pub(crate) use self::operation::Operation;
pub(crate) use self::table::Asks;
pub(crate) use self::table::On;
pub(crate) use self::table::ROWS;
pub(crate) use self::table::Row;
pub(crate) use self::table::When;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::failure::saying;
use crate::request::Endpoint;
use crate::request::Request;
use crate::request::Target;

/// Finds the row of a request.
pub(crate) fn find(request: &Request) -> Result<&'static Row, Failure> {
    if request.address.endpoint == Endpoint::Express {
        return Err(no_directory_buckets(request));
    }
    let on = match request.address.target {
        _ if request.address.endpoint == Endpoint::Website => On::Website,
        Target::Service => On::Service,
        Target::Bucket(_) => On::Bucket,
        Target::Object { .. } => On::Object,
    };
    let method = request.method.as_str();
    let mut rows = ROWS.iter().filter(|row| row.on == on && row.method == method);
    let Some(row) = rows.find(|row| fits(row.when, request)) else {
        return Err(not_allowed(request, on));
    };
    if row.asks == Asks::NotOffered {
        return Err(not_offered(row.operation, request));
    }
    if row.when == When::Always {
        check_subresource(request, row)?;
    }
    check_source(request, row)?;
    Ok(row)
}

/// The row of an operation that another one asks for too.
pub(crate) fn row_of(operation: Operation) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.operation == operation)
}

fn fits(when: When, request: &Request) -> bool {
    let is_copying = || request.parameter("x-amz-copy-source").is_some();
    match when {
        When::Always => true,
        When::Has(name) => request.query.has(name),
        When::HasBoth(one, other) => request.query.has(one) && request.query.has(other),
        When::Is(name, value) => request.query.get(name) == Some(value),
        When::Copying(None) => is_copying(),
        When::Copying(Some(name)) => request.query.has(name) && is_copying(),
    }
}

/// What would write or delete a bucket or an object does not do so where the query names one of its
/// subresources (recorded for a form to `?policy`).
fn check_subresource(request: &Request, row: &Row) -> Result<(), Failure> {
    let kind = match (row.on, row.method) {
        (On::Bucket, "PUT" | "DELETE" | "POST") => "BUCKET",
        (On::Object, "PUT" | "DELETE") => "OBJECT",
        (On::Object, "GET") => return check_listed_of_key(request),
        _ => return Ok(()),
    };
    let Some(name) = subresource(request, row.on) else { return Ok(()) };
    let methods = methods(|known| known.on == row.on && known.when == When::Has(name));
    Err(method_not_allowed(request, &format!("{kind}{}", name.to_ascii_uppercase()), &methods))
}

/// What is listed of a bucket is not of a key. The texts are those that versitygw has.
fn check_listed_of_key(request: &Request) -> Result<(), Failure> {
    let message = if request.query.has("uploads") {
        "Key is not expected for the GET method ?uploads subresource"
    } else if request.query.has("versions") {
        "There is no such thing as the ?versions sub-resource for a key"
    } else {
        return Ok(());
    };
    Err(invalid_request(message).because("ask the bucket, with the key as `prefix`"))
}

/// The subresource that a query names, by the rows of the table.
fn subresource(request: &Request, on: On) -> Option<&'static str> {
    ROWS.iter().filter(|row| row.on == on).find_map(|row| match row.when {
        When::Has(name) if request.query.has(name) => Some(name),
        _ => None,
    })
}

/// Only copies have a source (the text is versitygw's).
fn check_source(request: &Request, row: &Row) -> Result<(), Failure> {
    const SOURCE: &str = "x-amz-copy-source";
    let is_write = matches!(row.method, "PUT" | "POST");
    match request.parameter(SOURCE) {
        Some(source) if is_write && !matches!(row.when, When::Copying(_)) => {
            let message = "You can only specify a copy source header for copy requests.";
            Err(invalid_argument(message, SOURCE).with("ArgumentValue", source))
        }
        _ => Ok(()),
    }
}

fn not_allowed(request: &Request, on: On) -> Failure {
    let resource = match on {
        On::Service => "SERVICE",
        On::Bucket => "BUCKET",
        On::Object | On::Website => "OBJECT",
    };
    method_not_allowed(request, resource, &methods(|row| row.on == on))
}

/// The methods of some rows, as a list.
fn methods(belongs: impl Fn(&Row) -> bool) -> String {
    let mut methods: Vec<_> =
        ROWS.iter().filter(|row| belongs(row)).map(|row| row.method).collect();
    methods.dedup();
    methods.join(", ")
}

fn method_not_allowed(request: &Request, resource: &str, allowed: &str) -> Failure {
    Fault::MethodNotAllowed
        .with("Method", request.method.as_str())
        .with("ResourceType", resource)
        .with_header(http::header::ALLOW, allowed)
        .because("S3 has no operation of this method here")
}

/// At the hosts of S3 Express nothing is offered.
fn no_directory_buckets(request: &Request) -> Failure {
    let message = match request.address.target {
        Target::Service => "ListDirectoryBuckets is not implemented.",
        Target::Bucket(_) | Target::Object { .. } => "Directory buckets are not implemented.",
    };
    saying("NotImplemented", 501, message).because(format!(
        "`{}` is a host of S3 Express, and Stuntbucket has general purpose buckets only",
        request.host()
    ))
}

/// 501 and the operation's name, never a plausible answer of another operation.
fn not_offered(operation: Operation, request: &Request) -> Failure {
    // What S3 itself has for directory buckets only is refused as it refuses it (pinned by
    // argmin's tests).
    if operation == Operation::RenameObject {
        return Fault::NotImplementedHeader
            .with("QueryParameter", "renameObject")
            .because("S3 renames objects in directory buckets only");
    }
    let message = format!("{operation} is not implemented.");
    let note = format!(
        "Stuntbucket does not have {operation}, which `{} {}` asks for; it answers 501 rather than \
         something that looks right",
        request.method, request.path
    );
    saying("NotImplemented", 501, message).because(note)
}
