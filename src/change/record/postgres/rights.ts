export const OWNER = 'eos_owner'
export const WORKER = 'eos_worker'

export const SCHEMAS = ['eosflow', 'dbos'] as const

export type ObjectKind = 'schema' | 'table' | 'sequence' | 'function'

export interface RoleRight {
  readonly role: typeof WORKER
  readonly kind: ObjectKind
  readonly schema: (typeof SCHEMAS)[number]
  readonly object: string
  readonly rights: readonly string[]
}

const READ = ['SELECT']
const WRITE = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

const STORE_TABLES = `blob checkpoint checkpoint_head copied delivery delivery_head event execution freeze_lock hold lease migration note note_head register
  register_head store task_token timeline used worker`

const CALLED = `append_group blob_put checkpoint_put copied_here delivery_put execution_rest fence hold_name horizon is_held is_living is_missed
  is_replicated member newest_freeze note_change present_timeline term_end unhold_name worker_beat worker_begin
  worker_drain worker_end worker_reap worker_sites standing`

const INNER = `append append_one leaves newest_policy note_clock note_timeline plan_in
  receiver_in refuse_change refuse_retired refuse_unretired refused require_following require_keeper retire_segment retire_texts same_lease
  stale unmet write_execution write_plain write_register written_before`

// The tables of DBOS 5.3 that an activation is written to, posted, taken, done and forgotten.
const QUEUE_TABLES = 'application_versions operation_outputs queues workflow_input workflow_output workflow_status'
const QUEUE_READ = 'dbos_migrations notifications streams workflow_events workflow_events_history workflow_schedules'
const QUEUE_UNUSED = 'event_dispatch_kv'

export const RIGHTS: readonly RoleRight[] = [
  ...rows('schema', 'eosflow', 'eosflow', ['USAGE']),
  ...rows('table', 'eosflow', STORE_TABLES, READ),
  ...rows('sequence', 'eosflow', 'position', READ),
  ...rows('function', 'eosflow', CALLED, ['EXECUTE']),
  ...rows('function', 'eosflow', INNER, []),
  ...rows('schema', 'dbos', 'dbos', ['USAGE']),
  ...rows('table', 'dbos', QUEUE_TABLES, WRITE),
  ...rows('table', 'dbos', QUEUE_READ, READ),
  ...rows('table', 'dbos', QUEUE_UNUSED, []),
  ...rows('function', 'dbos', 'enqueue_workflow send_message', []),
]

export const TRIGGERS: readonly string[] = [
  'eosflow.blob blob_kept',
  'eosflow.blob blob_stands',
  'eosflow.checkpoint checkpoint_stands',
  'eosflow.event event_kept',
  'eosflow.event event_stands',
  'eosflow.execution execution_retired',
  'eosflow.register register_retires',
  'eosflow.register register_stands',
]

function rows(
  kind: ObjectKind,
  schema: RoleRight['schema'],
  names: string,
  rights: readonly string[],
): readonly RoleRight[] {
  return names.split(/\s+/).map((object) => ({ role: WORKER, kind, schema, object, rights }))
}
