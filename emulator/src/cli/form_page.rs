//! A signed form as a page that a browser can open.

use super::post_form::ContentType;

/// The page. Where the policy leaves the end of the content type open, the user may write it.
pub(super) fn html(
    action: &str,
    fields: &[(String, String)],
    content_type: Option<&ContentType>,
) -> String {
    let is_open = matches!(content_type, Some(ContentType::Prefix(_)));
    let input = |(name, value): &(String, String)| {
        let [name, value] = [name, value].map(|text| escaped(text));
        if is_open && name.eq_ignore_ascii_case("content-type") {
            let input = format!("<input name=\"{name}\" value=\"{value}\">");
            format!("  <p><label>Content-Type {input}</label></p>\n")
        } else {
            format!("  <input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
        }
    };
    let inputs: String = fields.iter().map(input).collect();
    let action = escaped(action);
    // S3 reads only the fields before the file, so the file comes last.
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"en\">\n\
         <meta charset=\"utf-8\">\n\
         <title>Upload to {action}</title>\n\
         <form action=\"{action}\" method=\"post\" enctype=\"multipart/form-data\">\n\
         {inputs}  \
         <p><label>File <input type=\"file\" name=\"file\" required></label></p>\n  \
         <p><button>Upload</button></p>\n\
         </form>\n\
         </html>"
    )
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_hidden_and_the_file_comes_last() {
        let fields = [("key", "a/${filename}"), ("x-amz-meta-note", "<\"&\">")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            html("http://127.0.0.1:9000/photos", &fields, None),
            r#"<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Upload to http://127.0.0.1:9000/photos</title>
<form action="http://127.0.0.1:9000/photos" method="post" enctype="multipart/form-data">
  <input type="hidden" name="key" value="a/${filename}">
  <input type="hidden" name="x-amz-meta-note" value="&lt;&quot;&amp;&quot;&gt;">
  <p><label>File <input type="file" name="file" required></label></p>
  <p><button>Upload</button></p>
</form>
</html>"#,
        );
    }

    #[test]
    fn an_open_content_type_can_be_written() {
        let fields = [("Content-Type".to_owned(), "image/".to_owned())];
        let exact = ContentType::from("image/".to_owned());
        let open = ContentType::from("image/*".to_owned());
        assert!(
            html("", &fields, Some(&exact))
                .contains("<input type=\"hidden\" name=\"Content-Type\"")
        );
        assert!(
            html("", &fields, Some(&open)).contains("Content-Type <input name=\"Content-Type\"")
        );
    }
}
