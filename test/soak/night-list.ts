/** The tests that only `npm run soak -- night` runs, by their files from `test/`, each with what it alone proves. Without such a sentence a test goes. */
export const NIGHT: readonly { readonly file: string; readonly proves: string }[] = [
  {
    file: 'canary/canary.long.ts',
    proves:
      'the search for secrets finds each of them where nothing takes it out, and the built command leaks none when it crashes',
  },
  {
    file: 'change/record/postgres/planted.postgres.ts',
    proves: 'all that somebody can plant in a database is gone before a store writes, all of it at once',
  },
  {
    file: 'change/record/postgres/tampering-table.postgres.ts',
    proves:
      'every column of every table is altered in a database, and everything is asked then; the gate looks at a few cells',
  },
  {
    file: 'clients/jump/killed-put-back.clients.ts',
    proves: 'a real sshd as jump host is killed while a change is put back',
  },
  {
    file: 'clients/jump/odd-hops.clients.ts',
    proves: 'addresses with a zone, and a jump host that is a switch of the change',
  },
  {
    file: 'control-room/night.room.ts',
    proves: 'a whole night of a company with agents, judges, an on-call person and services that fail',
  },
  { file: 'doors/agents/stdio.test.ts', proves: 'the built command serves an agent over stdio' },
  { file: 'doors/cli/rotate-install-killed.test.ts', proves: 'a rotation of the install key is killed at each write' },
  {
    file: 'doors/http/many-open.test.ts',
    proves: 'a switch of the oldest of a hundred open executions is shown as changing',
  },
  {
    file: 'doors/http/several.postgres.ts',
    proves: 'three built servers are killed in turn behind a proxy, and lose their database',
  },
  { file: 'doors/library/packed-library.long.ts', proves: 'the library of the package in a project of its own' },
  { file: 'e2e/adopted.postgres.ts', proves: 'an adopted text that has left the database is read from its segment' },
  {
    file: 'e2e/change-record.postgres.ts',
    proves: 'the page of a change from a database is verified without it, line by line',
  },
  { file: 'e2e/quarantine.test.ts', proves: 'the quarantine of a switch, at a real clock' },
  {
    file: 'e2e/replace-pairs.test.ts',
    proves: 'a replacement that takes the own login away is put back, on each recorded pair',
  },
  {
    file: 'e2e/store-on-postgresql.postgres.ts',
    proves: 'a process that is killed is followed only after its term, at a real clock',
  },
  { file: 'eos/config/guarded-words.test.ts', proves: 'the guards in submodes of recorded configurations' },
  { file: 'eos/sim/corpus.test.ts', proves: 'recorded configurations are typed again without a difference' },
  {
    file: 'features/cloudvision/answers.test.ts',
    proves: 'an answer of CloudVision that never comes is waited for twice ten real seconds',
  },
  {
    file: 'features/conformance/deviations.test.ts',
    proves: 'each planted deviation of a switch is found by a whole run of the kit, besides by its step',
  },
  { file: 'features/conformance/killed.test.ts', proves: 'the conformance kit is killed at each of its moments' },
  {
    file: 'features/forge/pipelines.test.ts',
    proves: 'each line of the pipelines for GitHub and GitLab, run as it is written, also where the runner is killed',
  },
  {
    file: 'lab/trial/bundled-workflows.test.ts',
    proves: 'the bundled workflows pass their tests with the built command',
  },
  { file: 'lab/trial/museum.test.ts', proves: 'the museum as a terminal shows it, in real time' },
  { file: 'lab/trial/rehearsal-bundled.long.ts', proves: 'each bundled workflow is rehearsed with each fault' },
  {
    file: 'project/app/dispatch/dbos.postgres.ts',
    proves: 'how long a worker takes to hear of what is posted, at a real clock',
  },
  {
    file: 'project/record/upkeep/move-large.postgres.ts',
    proves:
      'a large store moves within its memory, and is killed by SIGKILL at any moment; EOSFLOW_MOVE_RECORDS says how many records',
  },
  {
    file: 'project/record/upkeep/seal-attacked.postgres.ts',
    proves: 'a sealing that meets a writer who holds a lock, for less than the five seconds that it may',
  },
  { file: 'project/worker/clients.postgres.ts', proves: 'a command line without a way to the switches' },
  {
    file: 'project/worker/deaths.postgres.ts',
    proves: 'who reads the record sees which worker died and which one drained',
  },
  {
    file: 'project/worker/demo.postgres.ts',
    proves: 'the demo with workers: a change goes on when its worker is killed',
  },
  { file: 'project/worker/idle-cost.postgres.ts', proves: 'what an idle worker costs, at a real clock' },
  {
    file: 'project/worker/lost-tail.postgres.ts',
    proves: 'a database that was put back stops its workers until the switches were read',
  },
  { file: 'project/worker/pairs.postgres.ts', proves: 'workers that die while they change a pair' },
  {
    file: 'project/worker/sites.postgres.ts',
    proves: 'workers of two sites are killed behind records of a barrier, cut off, and lose their database',
  },
  {
    file: 'project/worker/upgrade.postgres.ts',
    proves: 'a worker with an older interpreter leaves an execution, says so, and lives on',
  },
  {
    file: 'project/worker/workers.postgres.ts',
    proves: 'a thawed worker sends nothing, and does without the age of its fence',
  },
  { file: 'simulation/budget.test.ts', proves: 'the checker sees budgets that nobody keeps' },
  {
    file: 'simulation/histories.test.ts',
    proves: 'the histories of one controller meet every kind of fault, and end in every way',
  },
  { file: 'simulation/pairs.test.ts', proves: 'every kind of moment of a pair, and of a pair whose confirm fails' },
  { file: 'simulation/sites.test.ts', proves: 'histories and mutants of two sites' },
]
