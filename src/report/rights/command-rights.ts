import { stateAreas } from '../../eos/check/area/index.ts'
import { gathered } from '../../model/json.ts'
import type { TransportKind } from '../../model/transport-kind.ts'

export interface CommandRight {
  readonly user: 'both' | 'write'
  readonly mode: 'exec' | 'config'
  readonly over: TransportKind | 'any'
  readonly command: string
  readonly why: string
}

const SESSION = 'eosflow-[0-9a-f]{8}-[0-9]+'
const CHECKPOINT = 'eosflow-[0-9a-f]{8}(-[0-9]+)?'
// What stands behind a show command over SSH, where models are asked for.
const JSON_PIPE = '( \\| json( version 1)?)?'

const right =
  (user: CommandRight['user'], mode: CommandRight['mode']) =>
  (command: string, why: string, over: CommandRight['over'] = 'any'): CommandRight => ({
    user,
    mode,
    over,
    command,
    why,
  })
const both = right('both', 'exec')
const write = right('write', 'exec')
const inSession = right('write', 'config')

const PROTOCOL: readonly CommandRight[] = [
  both('enable', 'enters privileged mode; not sent with `sendEnable: false`'),
  both('terminal length 0', 'no pager', 'ssh'),
  both('terminal width 32767', 'no wrapped lines', 'ssh'),
  both('!eosflow-.*', 'a comment that marks where an answer ends; EOS runs nothing', 'ssh'),
  both(`show version${JSON_PIPE}`, 'which switch answers'),
  both(`show clock${JSON_PIPE}`, 'doctor compares the clocks'),
  both(`show configuration sessions detail${JSON_PIPE}`, 'config sessions and the commit timer'),
  both('show running-config', 'the configuration'),
  both('show running-config diffs', 'whether it is saved'),
  both('show startup-config', 'what a reboot would run'),
  both('show boot-config', 'what the next boot loads'),
  write(`configure session ${SESSION}`, 'opens a config session'),
  inSession('rollback clean-config', 'a replace and the replay check begin empty'),
  inSession('.*', 'the lines of your changes: narrow this to what they may hold'),
  inSession('exit', 'leaves a block'),
  inSession(`copy checkpoint:${CHECKPOINT} session-config`, 'the replay check'),
  inSession('end', 'leaves the session'),
  write(`show session-config named ${SESSION}`, 'the candidate'),
  write(`show session-config named ${SESSION} diffs`, 'its difference'),
  write(`configure session ${SESSION} abort`, 'drops a session, or puts the switch back'),
  write(`configure checkpoint save ${CHECKPOINT}`, 'saved before each change'),
  write('show configuration checkpoints', 'it must be listed; old ones of ours go'),
  write(`delete checkpoint:${CHECKPOINT}`, 'old ones of ours; never with `checkpoints: keep`'),
  write('send log level informational message .*', 'whose change it is, in the log; off with `announce: false`'),
  write('configure', '`boot` lines of a change with `allow: [boot]` are typed outside of a session'),
  write('configure lock', 'where it is proven, or with `configureLock`'),
  write('configure unlock', 'gives it back'),
  write(`configure session ${SESSION} commit timer [0-9]{2}:[0-9]{2}:[0-9]{2}`, 'the timed commit'),
  write(`configure session ${SESSION} commit`, 'the confirm'),
  write('copy running-config startup-config', 'saves what was confirmed'),
  write(`configure replace checkpoint:${CHECKPOINT} skip-checkpoint`, 'puts a confirmed change back'),
]

// What checks ask besides `show`, each by the check that asks it.
const CHECKS: readonly CommandRight[] = [
  both('show .+', 'checks, which eosflow check list names; ask; facts'),
  both('ping vrf .+', 'VerifyReachability, and `probe` of a workflow'),
  both('send log level [a-z]+ message .+', 'checks of logging'),
  both('dir (flash|supervisor-peer):\\S*', 'VerifyLoggingPersistent, VerifyFilePresence'),
  both('bash timeout 10 (nslookup|nproc|df) ?.*', 'VerifyDNSLookup, VerifyCPUUtilization, VerifyFileSystemUtilization'),
  both('session peer-supervisor show file systems( \\| json)?', 'VerifyFlashUtilization'),
]

function areaRights(): readonly CommandRight[] {
  return [...gathered(stateAreas.flatMap(({ name, commands }) => commands.map(({ cmd }) => [cmd, name] as const)))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([cmd, names]) => both(`${cmd}${JSON_PIPE}`, `state: ${names.join(', ')}`))
}

export function commandRights(): readonly CommandRight[] {
  return [...PROTOCOL, ...areaRights(), ...CHECKS]
}

export function covers({ over, command }: CommandRight, sent: string, transport: TransportKind): boolean {
  return (over === 'any' || over === transport) && new RegExp(`^(?:${command})$`).test(sent)
}
