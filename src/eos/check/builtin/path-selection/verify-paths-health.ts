import { passUnless } from '../../../../model/verdict.ts'
import {
  type DpsPath,
  pathSelectionAnswer,
  SHOW_PATH_SELECTION_PATHS,
  stateMismatch,
  telemetryOf,
} from '../../answer/show-path-selection-paths.ts'
import { MissingMember, needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Every path of dynamic path selection carries traffic and has telemetry. */
export const verifyPathsHealth = defineVerify({
  name: 'VerifyPathsHealth',
  summary: 'Verifies the state and the telemetry of all paths of router path-selection.',
  docs: 'Passes when every path is IPsec established or resolved and its telemetry active. Fails where there is no path.',
  commands: () => [SHOW_PATH_SELECTION_PATHS],
  answers: () => [pathSelectionAnswer()],
  judge: (_input, [answer]) => {
    const peers = needed(answer, 'dpsPeers')
    if (peers.size === 0) return passUnless(['No path configured for router path-selection'])
    const paths = [...peers].flatMap(([peer, told]) =>
      [...needed(told, 'dpsGroups')].flatMap(([group, one]) =>
        [...needed(one, 'dpsPaths').values()].map((path) => ({ peer, group, path })),
      ),
    )
    if (paths.length === 0) return { status: 'error', reason: 'the answer has no path' }
    return passUnless(paths.flatMap(({ peer, group, path }) => faultsOf(peer, group, path)))
  },
})

function faultsOf(peer: string, group: string, path: DpsPath): readonly string[] {
  needed(path, 'state')
  const sessions = needed(path, 'dpsSessions')
  const isActive = telemetryOf(path)
  if (isActive === undefined) throw new MissingMember(sessions, '0.active')
  const mismatch = stateMismatch(path)
  // What a path measures that carries nothing does not matter.
  if (mismatch !== undefined) return [`Peer: ${peer} Path Group: ${group} - Invalid path state - ${mismatch}`]
  return isActive ? [] : [`Peer: ${peer} Path Group ${group} - Telemetry state inactive`]
}
