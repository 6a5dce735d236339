export const OWNER = 'eos_owner'
export const WORKER = 'eos_worker'

export const SCHEMAS = "ARRAY['eosflow', 'dbos']"

/** The rights of workers, by the kind of an object; the tables of DBOS 5.3 that they write to are those that an activation is posted to, taken, done and forgotten in. */
export const MEANT = `SELECT kind, schema, regexp_split_to_table(objects, '\\s+') AS object, rights FROM (VALUES
  ('schema', 'eosflow', 'eosflow', ARRAY['USAGE']),
  ('table', 'eosflow', 'blob checkpoint checkpoint_head copied delivery delivery_head event execution freeze_lock hold lease migration note note_head register
    register_head store task_token timeline used worker', ARRAY['SELECT']),
  ('sequence', 'eosflow', 'position', ARRAY['SELECT']),
  ('function', 'eosflow', 'append_group blob_put checkpoint_put copied_here delivery_put execution_rest fence hold_name horizon is_held is_living is_missed
    is_replicated member newest_freeze note_change present_timeline term_end unhold_name worker_beat worker_begin
    worker_drain worker_end worker_reap worker_sites standing', ARRAY['EXECUTE']),
  ('function', 'eosflow', 'append append_one leaves newest_policy note_clock note_timeline plan_in
    receiver_in refuse_change refuse_retired refuse_unretired refused require_following require_keeper retire_segment retire_texts same_lease
    stale unmet write_execution write_plain write_register written_before', '{}'),
  ('schema', 'dbos', 'dbos', ARRAY['USAGE']),
  ('table', 'dbos', 'application_versions operation_outputs queues workflow_input workflow_output workflow_status', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
  ('table', 'dbos', 'dbos_migrations notifications streams workflow_events workflow_events_history workflow_schedules', ARRAY['SELECT']),
  ('table', 'dbos', 'event_dispatch_kv', '{}'),
  ('function', 'dbos', 'enqueue_workflow send_message', '{}')) AS m(kind, schema, objects, rights)`

export const TRIGGERS = `ARRAY['eosflow.blob blob_kept', 'eosflow.blob blob_stands', 'eosflow.checkpoint checkpoint_stands', 'eosflow.event event_kept',
  'eosflow.event event_stands', 'eosflow.execution execution_retired', 'eosflow.register register_retires', 'eosflow.register register_stands']`
