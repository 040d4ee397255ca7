//! Configurations of buckets that are validated, kept and given back.

mod abac;
mod accelerate;
mod analytics;
mod by_id;
mod intelligent_tiering;
mod inventory;
mod lifecycle;
mod logging;
mod metrics;
mod notification;
mod replication;
mod request_payment;
mod single;

use self::analytics::FORM as ANALYTICS;
use self::intelligent_tiering::FORM as INTELLIGENT_TIERING;
use self::inventory::FORM as INVENTORY;
use self::metrics::FORM as METRICS;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::Request;
use crate::route::Operation;

/// Performs an operation on one of them.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    match permit.operation() {
        Operation::GetBucketAbac => single::read(permit, &abac::FORM),
        Operation::PutBucketAbac => single::write(permit, &abac::FORM, body).await,
        Operation::GetBucketAccelerateConfiguration => single::read(permit, &accelerate::FORM),
        Operation::PutBucketAccelerateConfiguration => {
            single::write(permit, &accelerate::FORM, body).await
        }
        Operation::GetBucketLogging => single::read(permit, &logging::FORM),
        Operation::PutBucketLogging => single::write(permit, &logging::FORM, body).await,
        Operation::GetBucketReplication => single::read(permit, &replication::FORM),
        Operation::PutBucketReplication => single::write(permit, &replication::FORM, body).await,
        Operation::DeleteBucketReplication => single::delete(permit, &replication::FORM).await,
        Operation::GetBucketRequestPayment => single::read(permit, &request_payment::FORM),
        Operation::PutBucketRequestPayment => {
            single::write(permit, &request_payment::FORM, body).await
        }

        Operation::GetBucketLifecycleConfiguration => lifecycle::read(permit),
        Operation::PutBucketLifecycleConfiguration => lifecycle::write(permit, request, body).await,
        Operation::DeleteBucketLifecycle => lifecycle::delete(permit).await,
        Operation::GetBucketNotificationConfiguration => notification::read(permit),
        Operation::PutBucketNotificationConfiguration => {
            notification::write(permit, request, body).await
        }

        Operation::GetBucketAnalyticsConfiguration => by_id::read(permit, &ANALYTICS, request),
        Operation::ListBucketAnalyticsConfigurations => by_id::list(permit, &ANALYTICS, request),
        Operation::PutBucketAnalyticsConfiguration => {
            by_id::write(permit, &ANALYTICS, request, body).await
        }
        Operation::DeleteBucketAnalyticsConfiguration => {
            by_id::delete(permit, &ANALYTICS, request).await
        }
        Operation::GetBucketInventoryConfiguration => by_id::read(permit, &INVENTORY, request),
        Operation::ListBucketInventoryConfigurations => by_id::list(permit, &INVENTORY, request),
        Operation::PutBucketInventoryConfiguration => {
            by_id::write(permit, &INVENTORY, request, body).await
        }
        Operation::DeleteBucketInventoryConfiguration => {
            by_id::delete(permit, &INVENTORY, request).await
        }
        Operation::GetBucketMetricsConfiguration => by_id::read(permit, &METRICS, request),
        Operation::ListBucketMetricsConfigurations => by_id::list(permit, &METRICS, request),
        Operation::PutBucketMetricsConfiguration => {
            by_id::write(permit, &METRICS, request, body).await
        }
        Operation::DeleteBucketMetricsConfiguration => {
            by_id::delete(permit, &METRICS, request).await
        }
        Operation::GetBucketIntelligentTieringConfiguration => {
            by_id::read(permit, &INTELLIGENT_TIERING, request)
        }
        Operation::ListBucketIntelligentTieringConfigurations => {
            by_id::list(permit, &INTELLIGENT_TIERING, request)
        }
        Operation::PutBucketIntelligentTieringConfiguration => {
            by_id::write(permit, &INTELLIGENT_TIERING, request, body).await
        }
        Operation::DeleteBucketIntelligentTieringConfiguration => {
            by_id::delete(permit, &INTELLIGENT_TIERING, request).await
        }

        // Their rows say that they are not offered, and no permit is made for them.
        other => Err(Fault::Internal.because(format!("{other} has a permit and no code"))),
    }
}
