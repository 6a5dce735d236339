/** Each execution has a chain of its own in `event`; everything outside of executions is in the chain `register`, which also mirrors how each execution began and ended. Positions (`pos`) number the records of both together (docs/adr/0075). */
export const TABLES = `
CREATE SEQUENCE position;

CREATE TABLE store(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  origin text NOT NULL,
  key_check text NOT NULL
);

CREATE TABLE worker(
  id text PRIMARY KEY,
  name text,
  kind text NOT NULL,
  sites text[] NOT NULL,
  version text NOT NULL,
  ttl interval NOT NULL,
  since timestamptz NOT NULL,
  beat timestamptz NOT NULL,
  dead timestamptz,
  drain timestamptz,
  -- The id of the process that has declared it dead.
  reaper text,
  -- Over what it says of itself.
  seal bytea NOT NULL CHECK (length(seal) = 32)
) WITH (fillfactor = 50);

CREATE TABLE hold(
  name text PRIMARY KEY,
  worker text NOT NULL REFERENCES worker
);

CREATE TABLE execution(
  id text COLLATE "C" PRIMARY KEY,
  first bigint NOT NULL,
  last bigint NOT NULL,
  n bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  seal bytea NOT NULL CHECK (length(seal) = 32),
  uncovered bigint[] NOT NULL,
  is_open boolean NOT NULL,
  has_acted boolean NOT NULL,
  token bigint NOT NULL CHECK (token > 0),
  worker text REFERENCES worker,
  -- The number in the register of the record that took its records out.
  retired bigint
) WITH (fillfactor = 60);
CREATE UNIQUE INDEX execution_first ON execution(first);
CREATE INDEX execution_open ON execution(first) WHERE is_open;
CREATE INDEX execution_worker ON execution(worker) WHERE worker IS NOT NULL;

-- The text form of json keeps what jsonb refuses: a NUL character that is escaped.
CREATE FUNCTION member(body text, name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT body::json ->> name $$;
CREATE FUNCTION plan_in(body text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT CASE WHEN strpos(body, '"plan":') > 0 OR strpos(body, '"digest":') > 0
    THEN coalesce(body::json #>> '{statement,plan}', body::json ->> 'digest', body::json ->> 'plan') END $$;
CREATE FUNCTION receiver_in(body text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT CASE body::json ->> 'type' WHEN 'SignalSent' THEN body::json ->> 'token' WHEN 'StopRequested' THEN body::json ->> 'stopped'
    WHEN 'SuspendRequested' THEN body::json ->> 'suspended' END $$;

CREATE TABLE event(
  pos bigint PRIMARY KEY,
  execution text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  at text COLLATE "C" NOT NULL GENERATED ALWAYS AS (member(body, 'at')) STORED,
  type text NOT NULL GENERATED ALWAYS AS (member(body, 'type')) STORED,
  plan text GENERATED ALWAYS AS (plan_in(body)) STORED,
  covers bigint[] NOT NULL,
  prev bytea NOT NULL CHECK (length(prev) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  body text NOT NULL,
  UNIQUE (execution, n)
);
CREATE INDEX event_plan ON event(plan, pos) WHERE plan IS NOT NULL;
CREATE INDEX event_turn ON event(execution, pos) WHERE type IN ('ExecutionEnded', 'ExecutionRedriven');
CREATE INDEX event_at ON event(at);

-- A mirror has the position of the record that it mirrors, and names its execution; any other row is a record.
CREATE TABLE register(
  n bigint PRIMARY KEY,
  pos bigint NOT NULL,
  mirror text CHECK (mirror IN ('begun', 'ended')),
  execution text COLLATE "C",
  at text COLLATE "C" NOT NULL GENERATED ALWAYS AS (member(body, 'at')) STORED,
  type text GENERATED ALWAYS AS (member(body, 'type')) STORED,
  plan text GENERATED ALWAYS AS (plan_in(body)) STORED,
  receiver text GENERATED ALWAYS AS (receiver_in(body)) STORED,
  schedule text GENERATED ALWAYS AS (member(body, 'schedule')) STORED,
  instant text COLLATE "C" GENERATED ALWAYS AS (member(body, 'instant')) STORED,
  covers bigint[] NOT NULL,
  prev bytea NOT NULL CHECK (length(prev) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  body text NOT NULL,
  CHECK ((mirror IS NULL) = (execution IS NULL))
);
CREATE UNIQUE INDEX register_record ON register(pos) WHERE mirror IS NULL;
CREATE INDEX register_mirror ON register(execution, n) WHERE mirror IS NOT NULL;
CREATE INDEX register_type ON register(type, pos) WHERE mirror IS NULL;
CREATE INDEX register_plan ON register(plan, pos) WHERE plan IS NOT NULL;
CREATE INDEX register_receiver ON register(receiver, pos) WHERE receiver IS NOT NULL;
CREATE INDEX register_schedule ON register(schedule, instant, pos) WHERE schedule IS NOT NULL;
CREATE INDEX register_at ON register(at);

-- The head of the register. Behind position \`clock_since\` times are judged by records (ClockAccepted).
CREATE TABLE register_head(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  n bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  seal bytea NOT NULL CHECK (length(seal) = 32),
  uncovered bigint[] NOT NULL,
  clock_since bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Who sets or ends a freeze, or begins something, locks its row: of the two one is first. Which freezes there are is on record alone.
CREATE TABLE freeze_lock(
  one boolean PRIMARY KEY DEFAULT true CHECK (one)
);

CREATE TABLE lease(
  device text PRIMARY KEY,
  execution text NOT NULL,
  token bigint NOT NULL CHECK (token > 0),
  until text,
  quarantine text
) WITH (fillfactor = 60);
CREATE INDEX lease_execution ON lease(execution);

-- What is used once: an approval, the key of a run, the decision about an instant of a schedule.
CREATE TABLE used(
  key text PRIMARY KEY,
  execution text
);

-- For which execution the answer to a task is.
CREATE TABLE task_token(
  token text PRIMARY KEY,
  execution text NOT NULL
);

CREATE TABLE blob(
  ref text PRIMARY KEY,
  bytes bytea NOT NULL,
  -- When somebody put it last, within an hour.
  put timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE checkpoint(
  id bigint PRIMARY KEY CHECK (id > 0),
  seq bigint NOT NULL,
  at text NOT NULL,
  note text NOT NULL,
  -- The chains that its root is over, and how many records each had.
  heads text NOT NULL DEFAULT '{}'
);

-- Seals the newest one, so that nobody without the key takes it away unseen.
CREATE TABLE checkpoint_head(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id bigint NOT NULL,
  seal bytea NOT NULL CHECK (length(seal) = 32)
) WITH (fillfactor = 50);

CREATE TABLE delivery(
  receiver text PRIMARY KEY,
  position bigint NOT NULL,
  at text NOT NULL,
  fault text
);

-- Seals all of its rows, so that nobody without the key alters one, takes one out, or puts one in.
CREATE TABLE delivery_head(
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seal bytea NOT NULL CHECK (length(seal) = 32)
) WITH (fillfactor = 50);

CREATE TABLE timeline (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id text NOT NULL,
  since timestamptz NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER event_stands BEFORE UPDATE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER register_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON register FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER blob_stands BEFORE UPDATE OF ref, bytes OR TRUNCATE ON blob FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER blob_kept BEFORE DELETE ON blob FOR EACH STATEMENT
  WHEN (current_setting('eosflow.retires', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION refuse_change();
`
