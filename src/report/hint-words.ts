import { type GivenInput, type Hint, unreachable } from '../model/error.ts'
import { approveWithKey, sendWords } from './send-words.ts'
import { shellWord } from './shell-word.ts'

const FLAGS: Readonly<Record<GivenInput, string>> = {
  abort: '--abort',
  'break-glass': '--break-glass',
  'freeze-end': '--until',
  'insecure-tls': '--insecure-tls',
  offline: '--offline',
  'public-key': '--pubkey',
}

const BEGIN_ANEW =
  'Where it is lost for good: eosflow store init --new --reason TEXT begins a new one, on record (docs/copies.md).'
const START = 'eosflow sim start fabrics/dc1 &'

const TAKE_BACK = {
  owner: () => 'Give the files to one user',
  group: (path: string) => `Take that right from the group: chmod g-w ${path}`,
  everybody: (path: string) => `Take that right from them: chmod o-w ${path}`,
} as const

export function hintWords(hint: Hint): string {
  switch (hint.code) {
    case 'resume':
      return `eosflow resume ${hint.execution}`
    case 'watch':
      return `eosflow watch ${hint.execution}`
    case 'watch-or-stop':
      return `eosflow watch ${hint.execution}, or end it with eosflow stop ${hint.execution}`
    case 'resume-or-stop':
      return `eosflow resume ${hint.execution}, or eosflow stop ${hint.execution}`
    case 'wait-for':
      return `Wait for it: eosflow watch ${hint.execution}`
    case 'history':
      return `eosflow show ${hint.execution}`
    case 'show-unread':
      return `eosflow show ${hint.execution} says what was not read; then plan again.`
    case 'show-what-was-not-read':
      return `eosflow show ${hint.execution} says what was not read.`
    case 'show-and-plan-again':
      return `eosflow show ${hint.execution}; to change something, plan it and have that approved.${stopWords(hint.waiting)}`
    case 'stop':
      return `eosflow stop ${hint.execution}`
    case 'stop-restored':
      return `An answer may be in the records that are lost. eosflow stop ${hint.execution} --restored ends the execution.`
    case 'leave-out-or-list':
      return 'Leave them out with -t, or put them back into the inventory.'
    case 'undo-by-hand':
      return `Nothing was committed. Undo it by hand; eosflow show ${hint.execution} shows what was changed.`
    case 'leave-out-or-undo-by-hand':
      return `Nothing was sent. Leave these switches out with -t, or undo the change by hand: eosflow show ${hint.execution}`
    case 'look-at-switches':
      return `eosflow recover --scan shows what is on the switches; then eosflow resume ${hint.execution} --restored goes on from what they show, and eosflow stop ${hint.execution} --restored puts them back.`
    case 'name-backup':
      return 'Name a file that eosflow store backup has made.'
    case 'set-store-aside':
      return 'With --set-aside it is kept beside its place under another name.'
    case 'replace-damaged-store':
      return 'Restore a backup: eosflow store restore FILE --set-aside --reason TEXT (docs/copies.md). Or move it aside under another name, as evidence, and begin the new store then.'
    case 'name-other-store':
      return 'Name another one with --store, or move this one away.'
    case 'put-store-back':
      return `Mount its disk, or put it back: eosflow store restore FILE --reason TEXT. ${BEGIN_ANEW}`
    case 'put-log-back':
      return `Look with eosflow recover --scan what is on the switches. Put the log back, or a backup: eosflow store restore FILE --set-aside --reason TEXT. This is said until you delete ${hint.note}.`
    case 'put-database-back':
      return `Put it back from a base backup. ${BEGIN_ANEW}`
    case 'put-rights-right':
      return 'eosflow store init, as the user who has made the store, puts it right.'
    case 'roll-back-one-by-one':
      return 'Roll back switch by switch with -t.'
    case 'end-freeze':
      return `Run it again then. To end the freeze now: eosflow unfreeze ${hint.freeze} --reason TEXT`
    case 'plan-of-it':
      return `A plan is made of it by eosflow plan ${shellWord(hint.file)} -o FILE.plan; one that was made before is named by its execution: eosflow plans lists them`
    case 'choose-freeze':
      return 'Name one by its number: eosflow unfreeze NUMBER --reason TEXT; --all ends every one.'
    case 'inventory-age':
      return 'With --inventory-age 24h its last answer is used where it is at most so old.'
    case 'accept-fewer':
      return 'Look there first: a token with less rights, or a filter, gives fewer. With --accept-fewer they are taken.'
    case 'refresh-inventory':
      return 'Ask it once while it can be reached: eosflow inventory refresh'
    case 'given':
      return FLAGS[hint.input]
    case 'plan':
      return `eosflow plan ${hint.workflow}`
    case 'run-again':
      return `To make the change again: eosflow run ${hint.workflow}`
    case 'list-executions':
      return hint.newest === undefined
        ? 'eosflow executions and eosflow plans list them.'
        : `eosflow executions and eosflow plans list them, the newest are ${hint.newest.join(', ')}; a saved plan is named by its path`
    case 'list-snapshots':
      return `${hint.alike}; eosflow snapshot list lists them`
    case 'list-checks':
      return `${hint.alike}; eosflow check list lists them`
    case 'take-snapshot':
      return 'eosflow snapshot take NAME makes one.'
    case 'login':
      return hint.issuer === undefined ? 'eosflow login' : `eosflow login --issuer ${hint.issuer}`
    case 'retire-policy':
      return `Put ${hint.file} back. To go on without a policy, somebody whom it allows to retire it runs: eosflow policy retire --reason TEXT`
    case 'who-can-approve':
      return sendWords('the plan', hint.names, approveWithKey('FILE'))
    case 'trust-key':
      return 'If you know whose key it is: eosflow trust add NAME KEY.pub, and plan again.'
    case 'trust-login':
      return `If ${hint.login} is a person whose key is trusted: eosflow trust add NAME KEY.pub --login ${hint.login}, and plan again.`
    case 'explain-policy':
      return hint.allowed === undefined ? explainCommand(hint) : `${hint.allowed} All reasons: ${explainCommand(hint)}`
    case 'test-login':
      return testLogin(hint)
    case 'see-gate-input':
      return 'The reasons are those of the gate. eosflow policy input PLAN prints what it is asked about.'
    case 'validate':
      return 'eosflow validate says why'
    case 'without-undo':
      return 'Approve it without --with-undo: eosflow rollback plans the inverse when it is needed, and that is approved by itself.'
    case 'run-schedules':
      return 'Start `eosflow serve`, or have cron call `eosflow schedule run` every minute'
    case 'list-schedules':
      return 'No change is watched now: eosflow schedule list'
    case 'without-break-glass':
      return 'Leave the flag out: without policy.yaml the local user approves.'
    case 'trust-folder':
      return `${TAKE_BACK[hint.by](shellWord(hint.path))}. Or, if you trust all who can change them: eosflow trust project ${shellWord(hint.folder)}`
    case 'make-project':
      return hint.near === undefined
        ? 'Go to your project, name it with -C, or make one: eosflow init'
        : `There is one in ${hint.near}: cd ${shellWord(hint.near)}, or name it with -C. A new one: eosflow init`
    case 'make-store':
      return 'Where there is no store yet: eosflow store init. Else give the install key of whoever has made it (docs/store-on-postgresql.md).'
    case 'write-inventory':
      return 'Write one; `eosflow schema inventory` prints its schema.'
    case 'make-fabric':
      return hint.near === undefined
        ? 'A fabric is a folder with fabric.yaml; `eosflow init` writes one, `eosflow schema fabric` prints its schema.'
        : `There is one in ${hint.near}: eosflow sim start ${shellWord(hint.near)}`
    case 'no-record':
      return 'Name the project with -C, or the store with --store; the first plan or change makes a store.'
    case 'name-offline-source':
      return 'Name a fabric folder or a snapshot: --offline fabrics/dc1, or eosflow snapshot take first.'
    case 'name-offline-source-of-switch':
      return 'Name a fabric folder or a snapshot that holds it: --offline fabrics/dc1, or eosflow snapshot take first.'
    case 'name-allowed-signers':
      return '--trust FILE names a file of allowed signers'
    case 'store-id':
      return 'Run it where that store is, or plan for this one: approvals: { store: … } in eosflow.yaml takes what `eosflow store id` prints where changes are run.'
    case 'choose-agent-key':
      return 'Name one of them by its public half: --key ~/.ssh/id_ed25519.pub'
    case 'choose-checks':
      return 'Look at --only.'
    case 'choose-checks-and-switches':
      return 'Look at its tags, at -t, --tags and --only.'
    case 'list-switches':
      return 'eosflow executions names the switches.'
    case 'list-workers':
      return 'eosflow workers lists them.'
    case 'local-user':
      return 'eosflow whoami, or list one under identity: in eosflow.yaml'
    case 'name-catalog':
      return 'Write one, or name a catalog: eosflow check run catalog.yaml'
    case 'name-plan-of-decision':
      return 'Name the plan file as well: eosflow approve PLAN --import FILE'
    case 'start-simulator':
      return START
    case 'name-simulator':
      return 'Name one by its control port: --control 127.0.0.1:PORT'
    case 'start-or-name-simulator':
      return `${START}, or name its control port: --control 127.0.0.1:PORT`
    case 'validate-all':
      return 'Check the path; without one `eosflow validate` checks every file of the project.'
    case 'write-policy':
      return 'Write policy.yaml; `eosflow schema policy` prints its schema.'
    case 'compare-clocks':
      return "Set this machine's clock (or that of the switches: ntp server …); eosflow doctor compares all of them."
    case 'scan-then-accept':
      return 'First: eosflow recover --scan. It shows what is on the switches, and ends with the command that accepts the loss.'
    case 'accept-keys':
      return 'Nothing was begun. Look what was done under such keys since the backup, then: eosflow store accept-loss --reason TEXT. From then on keys count again.'
    case 'end-processes':
      return 'End them first: eosflow workers, eosflow drain. One that was killed counts for its TTL.'
    case 'look-and-scan':
      return 'Look at what the process that runs it says, and then: eosflow recover --scan'
    case 'scan':
      return 'Nothing was aborted. eosflow recover --scan shows what is there.'
    case 'remove-of-other-stores':
      return '--all-eosflow removes it too'
    case 'collect-sessions':
      return 'eosflow sessions gc --all-eosflow'
    case 'rotate-lost-checkpoint-key':
      return 'eosflow key rotate checkpoint --reason TEXT puts on record that it is lost. A change that is live is put back by: eosflow stop'
    case 'other-key':
      return 'give the key that it was made with, or --pubkey'
    case 'other-token':
      return 'Give the token as the outside system got it, and the store of the execution (-C, --store).'
    case 'plan-online':
      return 'Plan again without --offline.'
    case 'export-audit':
      return hint.execution === undefined
        ? 'Make one with: eosflow audit export --format jsonl --to audit.jsonl'
        : `An execution is verified with the whole record: eosflow audit verify. A page of one alone: eosflow show ${hint.execution} --html change.html; then: eosflow audit verify change.html`
    case 'audit-key':
      return 'Print it where the store is: eosflow audit key > eosflow.pub'
    default:
      return unreachable(hint)
  }
}

function testLogin({ device, credential, at, unset }: Extract<Hint, { readonly code: 'test-login' }>) {
  const place = `${at.file}:${at.line}:${at.column}`
  const test = device === undefined ? 'eosflow doctor' : `eosflow doctor -t ${shellWord(device)}`
  return unset === undefined
    ? `The login is \`${credential}\`, ${place}. Correct it there or on the switch, then test it: ${test}`
    : `${place} reads it. Set it for this shell (read -rs ${unset} && export ${unset}), or name a file there (${'$'}{file:/path}), then test it: ${test}`
}

function explainCommand({ action, devices, workflow }: Extract<Hint, { readonly code: 'explain-policy' }>) {
  const on = devices === undefined ? '' : ` -t ${shellWord(devices.join(' or '))}`
  const of = workflow === undefined ? '' : ` --workflow ${shellWord(workflow)}`
  return `eosflow policy explain ${action}${on}${of}`
}

function stopWords(waiting: readonly string[] = []) {
  return waiting.map((id) => ` ${id} waits for nothing now: eosflow stop ${id}`).join('')
}
