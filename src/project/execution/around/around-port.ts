import type { AroundMark, AroundPort } from '../../../change/engine/ports.ts'
import type { AroundSpec, SecretSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { App } from '../../app/app.ts'
import type { Secrets } from '../../secret/secrets.ts'
import { knowBoth, requireVault, switchesBehind, versionsIn } from '../../switches/inventory/rotation.ts'
import { beginSilence, endSilences, findSilences } from './alertmanager.ts'
import { type AskService, askService } from './ask-service.ts'
import { beginAnnotation, endAnnotation, findAnnotations } from './grafana.ts'
import { askJira, endJira } from './jira.ts'
import { endJournal } from './netbox-journal.ts'
import { askSecret, beginSecret, endSecret } from './rotate-secret.ts'
import { askServiceNow, endServiceNow } from './service-now.ts'

/** The services that are asked around a change, and hear of it; nothing where switches are only simulated. */
export function aroundPort(
  { project, clock, seams, store }: Pick<App, 'project' | 'clock' | 'seams' | 'store'>,
  http: HttpPort,
  secrets?: Pick<Secrets, 'vault' | 'resolve'>,
): { readonly around?: AroundPort } {
  if (seams?.unaskedAround === true) return {}
  // What a service is asked with is that of the settings now, where it is asked that of the plan: a token is renewed, an address is approved.
  const askOf = (spec: AroundSpec): AskService =>
    askService(http, spec, project.settings.around[spec.service]?.headers ?? {})
  const rotationBegun = async (spec: SecretSpec, mark: AroundMark): Promise<string> => {
    const id = await beginSecret(requireVault(secrets?.vault), spec, mark, store)
    const versions = versionsIn(id)
    const logsIn = switchesBehind(project.inventory(), spec).length > 0
    if (logsIn && secrets !== undefined && versions !== undefined) await knowBoth(secrets, spec, versions)
    return id
  }
  return {
    around: {
      ask: async (spec) => {
        if (spec.around === 'secret') return askSecret(requireVault(secrets?.vault), spec, project.files.rotated)
        const { allows, said } = await (spec.system === 'jira' ? askJira : askServiceNow)(askOf(spec), spec)
        return { allows, said: http.scrub(said) }
      },
      begin: (spec, mark) => {
        if (spec.around === 'silence') return beginSilence(askOf(spec), spec, mark, clock.now())
        if (spec.around === 'secret') return rotationBegun(spec, mark)
        if (spec.around === 'annotation') return beginAnnotation(askOf(spec), spec, mark, clock.now())
        throw new EosflowError('bug', `a ${spec.around} has no beginning`)
      },
      find: async (spec, mark) => {
        if (spec.around === 'silence') return (await findSilences(askOf(spec), mark))[0]
        return spec.around === 'annotation' ? (await findAnnotations(askOf(spec), mark))[0] : undefined
      },
      end: (spec, mark, execution) => {
        if (spec.around === 'secret')
          return endSecret(requireVault(secrets?.vault), spec, mark, execution, {
            behind: switchesBehind(project.inventory(), spec),
            store,
          })
        const ask = askOf(spec)
        switch (spec.around) {
          case 'silence':
            return endSilences(ask, mark)
          case 'annotation':
            return endAnnotation(ask, spec, mark, { execution, now: clock.now() })
          case 'ticket':
            return (spec.system === 'jira' ? endJira : endServiceNow)(ask, spec, mark, execution)
          case 'journal':
            return endJournal(ask, mark, execution)
        }
      },
    },
  }
}
