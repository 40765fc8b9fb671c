//! How many connections there are, and for how long.

use std::time::Duration;

use sqlx::Database;
use sqlx::pool::PoolOptions;

use super::connections::SqlSettings;

/// A pool within the bounds of the settings. None is kept open for its own sake: mostly nothing is asked.
pub(super) fn bounded<D: Database>(
    options: PoolOptions<D>,
    settings: &SqlSettings,
) -> PoolOptions<D> {
    options
        .max_connections(settings.connections)
        .min_connections(0)
        .acquire_timeout(Duration::from_millis(settings.timeout_ms))
}
