//! The documents of STS.

use http::StatusCode;

use crate::answer::Answer;
use crate::answer::STS_NAMESPACE;
use crate::ids::RequestIds;
use crate::xml::Xml;

/// `<ActionResponse><ActionResult>`: whatever `write` puts there, and the id of the request.
pub(super) fn answer(
    response: &'static str,
    result: &'static str,
    ids: &RequestIds,
    write: impl FnOnce(&mut Xml),
) -> Answer {
    let id = ids.uuid();
    let mut xml = Xml::document();
    xml.open_with(response, &[("xmlns", STS_NAMESPACE)]);
    xml.open(result);
    write(&mut xml);
    xml.close();
    xml.open("ResponseMetadata");
    xml.leaf("RequestId", &id);
    xml.close();
    Answer::text(StatusCode::OK, "text/xml", xml.finish()).with("x-amzn-requestid", id)
}
