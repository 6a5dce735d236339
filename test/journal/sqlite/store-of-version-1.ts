/** What eosflow wrote as a store of version 1, key and clock as in these tests: a transition, a plan, a request and the use of an approval. */
export const STORE_OF_VERSION_1 = `
CREATE TABLE store(
  origin TEXT NOT NULL,
  key_check TEXT NOT NULL
) STRICT;
CREATE TABLE journal(
  seq INTEGER PRIMARY KEY CHECK(seq > 0),
  execution TEXT GENERATED ALWAYS AS (body ->> '$.execution') VIRTUAL,
  plan TEXT GENERATED ALWAYS AS (coalesce(body ->> '$.statement.plan', body ->> '$.digest', body ->> '$.plan')) VIRTUAL,
  body TEXT NOT NULL,
  prev BLOB NOT NULL CHECK(length(prev) = 32),
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE INDEX journal_execution ON journal(execution);
CREATE INDEX journal_plan ON journal(plan) WHERE plan IS NOT NULL;
CREATE UNIQUE INDEX approval_use ON journal(body ->> '$.nonce') WHERE body ->> '$.type' = 'ApprovalUsed';
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_stands BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE mark(
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  latest TEXT,
  seal TEXT NOT NULL
) STRICT;
CREATE TABLE blob(
  ref TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;
INSERT INTO store(origin, key_check) VALUES ('eosflow.audit/25bc6a7b8baba5ef', '1fcb497ec7336550cf03e9f68b00d83916a3fefc5907e5f0a12a7724ea659b93');
INSERT INTO journal(seq, body, prev, hash) VALUES (1, '{"actor":"local:1000:alice@noc1","at":"2026-01-05T08:00:00.000Z","execution":"x1","path":"","seq":1,"state":"Plan","type":"StateEntered","v":1}', X'AF9ED555531BB53E8CDD660F9B1EE418729CCC067754A54F83FDD7F896BC8C4A', X'83700A884E090097203E58DF47C42EF4CAB04A07A25C5FAB18306FFE80FF3762');
INSERT INTO journal(seq, body, prev, hash) VALUES (2, '{"actor":"local:1000:alice@noc1","at":"2026-01-05T08:00:00.000Z","digest":"sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","execution":"x1","plan":"blob:131035809b1b863d2e8bdadbbbcd31f71ad806bc5950509e60c8f7bdb6ebc702","seq":2,"type":"PlanMade","unchanged":[],"v":1,"waves":[["leaf1"]]}', X'83700A884E090097203E58DF47C42EF4CAB04A07A25C5FAB18306FFE80FF3762', X'BD71C45D2589011820EF4F88F724072460B907331570B6871D77DD51C633AB7A');
INSERT INTO journal(seq, body, prev, hash) VALUES (3, '{"actor":"local:1000:alice@noc1","at":"2026-01-05T08:00:01.500Z","plan":"sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","seq":3,"type":"ApprovalRequested","v":1}', X'BD71C45D2589011820EF4F88F724072460B907331570B6871D77DD51C633AB7A', X'12FB9650C41F56CFF4E2BFE6DF9D79193CC86B3510A02395A043FC375F2340FC');
INSERT INTO journal(seq, body, prev, hash) VALUES (4, '{"actor":"local:1000:alice@noc1","at":"2026-01-05T08:00:01.500Z","execution":"x1","nonce":"n1","plan":"sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","seq":4,"type":"ApprovalUsed","v":1}', X'12FB9650C41F56CFF4E2BFE6DF9D79193CC86B3510A02395A043FC375F2340FC', X'B69552AEAE6E807122A532CFE6A1C50D4C42BA7EE44A10737346FA2F299F767E');
INSERT INTO mark(name, seq, hash, latest, seal) VALUES ('verified', 0, X'AF9ED555531BB53E8CDD660F9B1EE418729CCC067754A54F83FDD7F896BC8C4A', NULL, 'ad721135125aeaf4a19a2ea0db2c448513e91bbb9f138a513bb8da1e75c382f5');
INSERT INTO mark(name, seq, hash, latest, seal) VALUES ('head', 4, X'B69552AEAE6E807122A532CFE6A1C50D4C42BA7EE44A10737346FA2F299F767E', '2026-01-05T08:00:01.500Z', 'f6ad212b0c1e810d4654c06c6964eda2d4b510e043e91709132fa1516bad7524');
INSERT INTO blob(ref, bytes) VALUES ('blob:131035809b1b863d2e8bdadbbbcd31f71ad806bc5950509e60c8f7bdb6ebc702', X'4CDCA3CB0C7354CCDAEFA99D22A8ECCFAA77F6304F10117CAAAA6231DA33608809659597FB36A2A2C985C8AFE5F3');
PRAGMA application_id = 1162826566;
PRAGMA user_version = 1;
`
