//! What is told of changes, by those who were permitted to make them.

use std::sync::Arc;

use super::Permit;
use crate::authenticate::Caller;
use crate::events::Happening;
use crate::events::News;
use crate::events::Requester;
use crate::failure::Failure;

impl Permit<'_> {
    /// Notes what happened to an object of the bucket. It is told to those who asked for it once
    /// the request has succeeded.
    pub(crate) fn happened(&self, happening: Happening) {
        if let Some(bucket) = self.bucket.as_ref().filter(|it| it.settings.notification.is_some()) {
            let news = News::Happened(Arc::clone(bucket), happening);
            self.notes.news(self.requester(), news);
        }
    }

    /// Notes that the bucket's events go elsewhere now, which its new destinations are told.
    pub(crate) fn notification_was_put(&self) -> Result<(), Failure> {
        if let Some(bucket) = self.world.store.bucket(&self.bucket()?.name)? {
            self.notes.news(self.requester(), News::Configured(bucket));
        }
        Ok(())
    }

    /// The caller as events name them.
    fn requester(&self) -> Requester {
        let principal = match &self.caller {
            Caller::Anonymous => "Anonymous".to_owned(),
            Caller::User(user) => format!("AWS:{}", user.credentials().access_key_id),
        };
        Requester {
            principal,
            account: self.caller.account().unwrap_or_default().to_owned(),
            source_ip: Some(self.request.peer.ip().to_canonical().to_string()),
        }
    }
}
