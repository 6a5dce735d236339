import { checkpointNames } from '../../../../eos/device/checkpoint-names.ts'
import {
  judged,
  KIT,
  LOOPBACK_LINES,
  listing,
  NO_LOOPBACK,
  type Probe,
  type ProbeAnswers,
  shown,
  step,
} from '../contract/probe.ts'

const [SESSION, OWN, SAVED] = [`${KIT}-1`, `${KIT}-own`, `${KIT}-8`]
const REPLACE = `configure replace checkpoint:${SAVED}`
const MANY = 10

/** K8: whether the switch loads what it prints, first into a session that is dropped, and only then as a replace. */
export const REPLAY: Probe = {
  id: 'K8',
  title: 'whether it loads what it prints',
  rows: ['replays-own-text', 'restore-gives-back', 'replace-keeps-checkpoint', 'session-stays'],
  sessions: [SESSION, OWN],
  makes: /^(?:eosflow-kit-|ckp-)/,
  steps: () => [
    shown('before'),
    step('save', [`configure checkpoint save ${SAVED}`]),
    step('replay', [
      `configure session ${SESSION}`,
      'rollback clean-config',
      `copy checkpoint:${SAVED} session-config`,
      'end',
      `show session-config named ${SESSION} diffs`,
    ]),
    step('abort', [`configure session ${SESSION} abort`], { refusals: 'go-on' }),
    step('own', [`configure session ${OWN}`, 'end']),
    step('hand', ['configure', ...LOOPBACK_LINES, 'end'], { unless: notReplayed }),
    step('restore', [`${REPLACE} skip-checkpoint`], { unless: notReplayed }),
    step('restored', ['show running-config', 'show configuration checkpoints'], { unless: notReplayed }),
    listing('list'),
    step('keep', [REPLACE, 'show configuration checkpoints'], {
      unless: (seen) =>
        notReplayed(seen) ??
        (seen.start.checkpoints.length > MANY ? 'so many checkpoints are kept that one might go' : undefined),
    }),
  ],
  undo: [NO_LOOPBACK],
  judge: (seen) => [...replays(seen), ...restores(seen), ...keeps(seen), ...own(seen)],
}

function notReplayed(seen: ProbeAnswers) {
  const why = whyNot(seen)
  return why === undefined ? undefined : `it cannot load its own configuration: ${why}`
}

function whyNot(seen: ProbeAnswers) {
  const refusal = [0, 1, 2, 3, 4].map((at) => seen.words('replay', at)).find((words) => words !== undefined)
  if (refusal !== undefined) return refusal
  const complaint = seen
    .text('replay', 2)
    ?.split('\n')
    .find((line) => /^\s*[%>]/.test(line))
  if (complaint !== undefined) return complaint
  const diff = seen.text('replay', 4)
  if (diff === undefined) return 'it did not show what would be different'
  return diff.split('\n').find((line) => /^[+-](?![+-]{2} )/.test(line))
}

function replays(seen: ProbeAnswers) {
  if (seen.all('replay').length === 0) return []
  const why = whyNot(seen)
  return judged(
    'replays-own-text',
    why === undefined,
    'it loads its own configuration without a difference',
    `it does not load its own configuration: ${why ?? ''}`,
  )
}

function restores(seen: ProbeAnswers) {
  const [same, words] = [seen.same('before', 'restored'), seen.words('restore')]
  if (same === undefined || seen.worked('hand') !== true) return []
  return judged(
    'restore-gives-back',
    words === undefined && same,
    'a restored checkpoint is the text that was saved',
    words === undefined ? 'a restored checkpoint is another text' : `it does not restore a checkpoint: ${words}`,
  )
}

function keeps(seen: ProbeAnswers) {
  const [skipped, kept] = [seen.text('restored', 1), seen.text('keep', 1)]
  if (skipped === undefined || kept === undefined) return []
  const [before, after] = [checkpointNames(skipped), checkpointNames(kept)]
  const ours = before.filter((name) => !seen.start.checkpoints.includes(name))
  return judged(
    'replace-keeps-checkpoint',
    ours.length === 1 && after.length === before.length + 1,
    'a replace keeps an automatic checkpoint, and none with `skip-checkpoint`',
    `behind a replace with \`skip-checkpoint\` there are ${ours.length} of ours, without it ${after.length - before.length} more`,
  )
}

function own(seen: ProbeAnswers) {
  const table = seen.list('list')?.table
  if (table === undefined || seen.worked('restore') !== true) return []
  return judged(
    'session-stays',
    table.sessions[OWN] === 'pending',
    'an empty session stays pending while the configuration is replaced',
    'an empty session is gone behind a replace',
  )
}
