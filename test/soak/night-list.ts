/** The tests that only `npm run soak -- night` runs, by their files from `test/`, each with what it alone proves. Without such a sentence a test goes. */
export const NIGHT: readonly { readonly file: string; readonly proves: string }[] = [
  {
    file: 'app/bundle/in-force.postgres.ts',
    proves: 'each act under a policy that only a folder has; a policy in force that cannot be read',
  },
  {
    file: 'app/comply/mutated.test.ts',
    proves: '510 mutated configurations mean the same to comply and to the diff, or differ in exactly the mutated line',
  },
  { file: 'app/sites/killed.test.ts', proves: 'a worker of a site is killed at each record about a barrier' },
  {
    file: 'app/sites/together.test.ts',
    proves: 'two sites end as one where a worker dies at the confirm, and where a release and a leaving meet',
  },
  { file: 'app/store/anchored.postgres.ts', proves: 'a database that is put back twice is found twice' },
  {
    file: 'app/store/layout.postgres.ts',
    proves: 'who may read nothing is told so, and no second install key is made',
  },
  {
    file: 'app/store/move-large.postgres.ts',
    proves: 'a large store moves within its time and memory, and is one store after a real kill at any moment',
  },
  {
    file: 'app/store/move.postgres.ts',
    proves: 'each refusal of a move, and one store after a kill at each of its steps',
  },
  {
    file: 'app/store/rotate-install-key.postgres.ts',
    proves: 'install keys in files on several machines',
  },
  {
    file: 'app/store/seal-attacked.postgres.ts',
    proves: 'segments that are forged, sealed twice at once, or taken out by the owner of the database',
  },
  {
    file: 'app/store/seal-database.postgres.ts',
    proves: 'what may leave a database, and a sealing that is killed behind each step',
  },
  { file: 'app/store/seal-refused.postgres.ts', proves: 'each reason for which a database seals nothing' },
  {
    file: 'canary/canary.long.ts',
    proves:
      'the search for secrets finds each of them where nothing takes it out, and the built command leaks none when it crashes',
  },
  {
    file: 'canary/hops.test.ts',
    proves:
      'no secret of a jump host and no typed password is in a byte of any of the commands; and the search finds each where nothing takes them out',
  },
  {
    file: 'cli/from-avd-recorded.soak.ts',
    proves: 'each recorded project of AVD deploys the same intended configurations',
  },
  { file: 'cli/packed.long.ts', proves: 'the package is the same when it is made again, and runs on threads' },
  { file: 'cli/quick-bundle.test.ts', proves: 'the quick bundles answer as the modules do' },
  { file: 'cli/rotate-install-killed.test.ts', proves: 'a rotation of the install key is killed at each write' },
  {
    file: 'cli/schema-editor.test.ts',
    proves: 'an editor finds each mistake by the published schema that eosflow finds',
  },
  { file: 'cli/terminal.test.ts', proves: 'a plan is not painted on a real terminal that wants no colour' },
  {
    file: 'clients/jump/killed-put-back.clients.ts',
    proves: 'a real sshd as jump host is killed while a change is put back',
  },
  {
    file: 'clients/jump/odd-hops.clients.ts',
    proves: 'addresses with a zone, and a jump host that is a switch of the change',
  },
  { file: 'clients/mutants.clients.ts', proves: 'mutants of the simulator that only a second client sees' },
  {
    file: 'cloudvision/answers.test.ts',
    proves: 'an answer of CloudVision that never comes is waited for twice ten real seconds',
  },
  { file: 'config/guarded-words.test.ts', proves: 'the guards in every submode of recorded configurations' },
  {
    file: 'config/syntax/left-out.test.ts',
    proves: 'the table of commands judges configurations that it was not made from',
  },
  {
    file: 'conformance/deviations.test.ts',
    proves: 'each planted deviation of a switch is found by a whole run of the kit, besides by its step',
  },
  { file: 'conformance/killed.test.ts', proves: 'the conformance kit is killed at each of its moments' },
  {
    file: 'control-room/killed.room.ts',
    proves: 'the built server is killed while a browser watches, at a real clock',
  },
  { file: 'control-room/large.soak.ts', proves: 'a fleet of thousands in a real browser, by its time and memory' },
  {
    file: 'control-room/night.room.ts',
    proves: 'a whole night of a company with agents, judges, an on-call person and services that fail',
  },
  { file: 'control-room/strangers.room.ts', proves: 'strangers who flood the built server keep nobody out' },
  { file: 'copies/table.test.ts', proves: 'each state of a copied or restored store against each state of the switch' },
  {
    file: 'dispatch/dbos.postgres.ts',
    proves: 'the postman on DBOS: tables, limits, what was taken and never got, what is forgotten',
  },
  { file: 'dispatch/lost-post.postgres.ts', proves: 'what a dead worker had taken is driven before the next sweep' },
  { file: 'e2e/adopted.postgres.ts', proves: 'an adopted text that has left the database is read from its segment' },
  { file: 'e2e/catalog.test.ts', proves: 'every check of the catalogue gives the same verdict over eAPI and SSH' },
  {
    file: 'e2e/change-record.postgres.ts',
    proves: 'the page of a change from a database is verified without it, line by line',
  },
  { file: 'e2e/merge-lines.test.ts', proves: 'ten configurations of thousands of lines are typed line by line' },
  { file: 'e2e/quarantine.test.ts', proves: 'the quarantine of a switch, at a real clock' },
  {
    file: 'e2e/replace-pairs.test.ts',
    proves: 'a replacement that takes the own login away is put back, on each recorded pair',
  },
  {
    file: 'e2e/store-on-postgresql.postgres.ts',
    proves: 'commands that follow each other on one database, also after a kill',
  },
  { file: 'e2e/upgrade.long.ts', proves: 'a release with other rules of validation makes approvals stale' },
  { file: 'engine/recorded-lives.soak.ts', proves: 'each recorded journal of earlier interpreters is ended as then' },
  {
    file: 'fleet/taken-up.test.ts',
    proves: 'a fleet is stopped, or loses its journal, in its third wave and is taken up',
  },
  { file: 'forge/pipelines.test.ts', proves: 'each line of the pipelines for GitHub and GitLab, run as it is written' },
  { file: 'hygiene/release-lines.test.ts', proves: 'each line of the workflow of releases does its work' },
  { file: 'jinja/slow.test.ts', proves: 'templates that are slow elsewhere end soon' },
  {
    file: 'journal/postgres/audit-trail.postgres.ts',
    proves: 'each size of an export is verified without the database',
  },
  { file: 'journal/postgres/deaths.postgres.ts', proves: 'a declared death is on record, and nobody forgets it' },
  { file: 'journal/postgres/fence.postgres.ts', proves: 'many switches of one execution are fenced at once' },
  { file: 'journal/postgres/forged-calls.postgres.ts', proves: 'calls of a worker that do not follow are not written' },
  {
    file: 'journal/postgres/idle-sessions.postgres.ts',
    proves: 'a silent session with a lock holds others up for five seconds',
  },
  {
    file: 'journal/postgres/lost-tail.postgres.ts',
    proves: 'a database that has lost its newest records is found by each machine, and accepted only on request',
  },
  {
    file: 'journal/postgres/only-watch.postgres.ts',
    proves: 'a late sign of life is no death to a command that watches',
  },
  {
    file: 'journal/postgres/outages.postgres.ts',
    proves: 'each kind of outage of a server, and terms that end meanwhile',
  },
  {
    file: 'journal/postgres/planted.postgres.ts',
    proves: 'each right and object that somebody has planted in the database',
  },
  {
    file: 'journal/postgres/processes.postgres.ts',
    proves: 'processes append at once while connections are cut and servers fall silent',
  },
  { file: 'journal/postgres/rights.postgres.ts', proves: 'the tables are reached by the functions alone' },
  {
    file: 'journal/postgres/rotate-key.postgres.ts',
    proves: 'a key is rotated while processes write, and appends are in doubt',
  },
  {
    file: 'journal/postgres/standby.postgres.ts',
    proves: 'a commit that was cancelled while it waits for its standby does not count',
  },
  {
    file: 'journal/postgres/tampering-table.postgres.ts',
    proves: 'every column of every table is altered in a database',
  },
  {
    file: 'journal/postgres/tampering.postgres.ts',
    proves: 'a database is altered by somebody who has the newest seals',
  },
  { file: 'journal/postgres/terms.postgres.ts', proves: 'the clock of the server is set back by an hour' },
  { file: 'journal/postgres/texts.postgres.ts', proves: 'a locked text holds no other one up' },
  {
    file: 'journal/sqlite/processes.test.ts',
    proves: 'thirty real kills in bursts of appends lose nothing that was acknowledged',
  },
  { file: 'library/packed-library.soak.ts', proves: 'the library of the package in a project of its own' },
  { file: 'mcp/sizes.test.ts', proves: 'the answers to an agent about 300 and 3,000 switches are bounded' },
  { file: 'mcp/stdio.test.ts', proves: 'the built command serves an agent over stdio' },
  {
    file: 'plan/change-within.test.ts',
    proves: 'a hundred thousand generated diffs against the rules of small changes',
  },
  { file: 'report/view/prefixes.test.ts', proves: 'every prefix of every simulated journal is a view' },
  { file: 'server/corporate-servers.postgres.ts', proves: 'two servers with their own keys on one database' },
  { file: 'server/hooks.test.ts', proves: 'a server dies around each write of an event that has come in' },
  {
    file: 'server/many-open.test.ts',
    proves: 'a switch of the oldest of a hundred open executions is shown as changing',
  },
  {
    file: 'server/metrics/slow-switch.test.ts',
    proves: 'a switch that is 200 ms away is measured as such, at a real clock',
  },
  { file: 'server/several.postgres.ts', proves: 'several servers are killed in turn while a browser watches' },
  { file: 'server/slow-senders.test.ts', proves: 'a head that is not ended is hung up on after ten real seconds' },
  { file: 'server/stored.postgres.ts', proves: 'a login that ends at its provider ends at all servers' },
  { file: 'sim/corpus.test.ts', proves: 'recorded configurations are typed again without a difference' },
  { file: 'simulation/budget.test.ts', proves: 'the checker sees budgets that nobody keeps' },
  { file: 'simulation/found-seeds.test.ts', proves: 'seeds that once broke an invariant at two sites' },
  {
    file: 'simulation/histories.test.ts',
    proves: 'the histories of one controller meet every kind of fault, and end in every way',
  },
  { file: 'simulation/pairs.test.ts', proves: 'every moment of a pair whose confirm fails' },
  { file: 'simulation/sites.test.ts', proves: 'histories and mutants of two sites' },
  { file: 'simulation/typed-lines.test.ts', proves: 'sessions that lag, while somebody types' },
  { file: 'trial/bundled-workflows.test.ts', proves: 'the bundled workflows pass their tests with the built command' },
  { file: 'trial/museum.test.ts', proves: 'the museum as a terminal shows it, in real time' },
  { file: 'trial/network-word.test.ts', proves: 'the word about the network is true in each case that is put back' },
  { file: 'trial/rehearsal-bundled.soak.ts', proves: 'each bundled workflow is rehearsed with each fault' },
  { file: 'worker/clients.postgres.ts', proves: 'a command line without a way to the switches' },
  { file: 'worker/clock.postgres.ts', proves: 'workers whose clocks are off, set while they drive' },
  { file: 'worker/deaths.postgres.ts', proves: 'who reads the record sees which worker died and which one drained' },
  { file: 'worker/demo.postgres.ts', proves: 'the demo with workers: a change goes on when its worker is killed' },
  { file: 'worker/idle-cost.postgres.ts', proves: 'what an idle worker costs, at a real clock' },
  {
    file: 'worker/lost-tail.postgres.ts',
    proves: 'a database that was put back stops its workers until the switches were read',
  },
  { file: 'worker/lost-wake-up.postgres.ts', proves: 'an approval between any two records of a worker is heard' },
  { file: 'worker/new-site.postgres.ts', proves: 'a worker without an inventory takes up a site that is published' },
  { file: 'worker/pairs.postgres.ts', proves: 'workers that die while they change a pair' },
  { file: 'worker/sites.postgres.ts', proves: 'workers of two sites that are killed, drained and renamed' },
  { file: 'worker/upgrade.postgres.ts', proves: 'workers of two releases on one database' },
  {
    file: 'worker/workers.postgres.ts',
    proves: 'a thawed worker sends nothing, and does without the age of its fence',
  },
]
