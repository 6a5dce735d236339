import type { TicketSpec } from '../../../model/around.ts'

export function judgedTicket(
  { must }: Pick<TicketSpec, 'must'>,
  fields: Readonly<Record<string, string | undefined>>,
): { readonly allows: boolean; readonly said: string } {
  const unmet = Object.entries(must).filter(([field, allowed]) => !allowed.includes(fields[field] ?? ''))
  const shown = (field: string) => JSON.stringify(fields[field] ?? null)
  if (unmet.length === 0)
    return {
      allows: true,
      said: Object.keys(must)
        .map((field) => `${field} is ${shown(field)}`)
        .join(', '),
    }
  const said = unmet.map(([field, allowed]) => {
    const wanted = allowed.map((one) => JSON.stringify(one)).join(' or ')
    return `its ${field} is ${shown(field)}, and must be ${wanted}`
  })
  return { allows: false, said: said.join('; ') }
}
