import { passUnless } from '../../../model/verdict.ts'
import {
  hasTelemetry,
  pathSelectionAnswer,
  SHOW_PATH_SELECTION_PATHS,
  stateMismatch,
} from '../../answer/show-path-selection-paths.ts'
import { defineVerify } from '../../define-verify.ts'

/** Every path of dynamic path selection carries traffic and has telemetry. */
export const verifyPathsHealth = defineVerify({
  name: 'VerifyPathsHealth',
  summary: 'Verifies the state and the telemetry of all paths of router path-selection.',
  docs: 'Passes when every path is IPsec established or resolved and its telemetry active. Fails where there is no path.',
  commands: () => [SHOW_PATH_SELECTION_PATHS],
  answers: () => [pathSelectionAnswer()],
  judge: (_input, [{ dpsPeers }]) => {
    const paths = [...dpsPeers].flatMap(([peer, { dpsGroups }]) =>
      [...(dpsGroups ?? [])].flatMap(([group, { dpsPaths }]) =>
        [...(dpsPaths?.values() ?? [])].map((path) => ({ peer, group, path })),
      ),
    )
    if (paths.length === 0) return passUnless(['No path configured for router path-selection'])
    return passUnless(
      paths.flatMap(({ peer, group, path }) => {
        const mismatch = stateMismatch(path)
        return [
          ...(mismatch === undefined ? [] : [`Peer: ${peer} Path Group: ${group} - Invalid path state - ${mismatch}`]),
          ...(hasTelemetry(path) ? [] : [`Peer: ${peer} Path Group ${group} - Telemetry state inactive`]),
        ]
      }),
    )
  },
})
