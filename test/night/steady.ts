/** What differs from one run to the next: times, ports, identifiers, signatures, and how many records and requests there were. */
const VOLATILE: readonly (readonly [what: RegExp, name: string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME'],
  [/\| \d\d:\d\d:\d\d \|/g, '| TIME |'],
  [/\d{8}-\d{6}-[0-9a-f]{8}/g, 'EXECUTION'],
  [/eosflow\.audit\/[0-9a-f]{16}/g, 'STORE'],
  [/sha256:[0-9a-f]{64}/g, 'DIGEST'],
  [/"plan":"[0-9a-f]{8}"/g, '"plan":"DIGEST"'],
  [/eosflow-[0-9a-f]{8}/g, 'SESSION'],
  [/\b(?:localhost|127\.0\.0\.1):\d+/g, 'HERE'],
  [/(?<=webhook-timestamp: )\d+/g, 'TIME'],
  [/v1,[A-Za-z0-9+/]+=*/g, 'SIGNATURE'],
  [/\b00-[0-9a-f]{32}-[0-9a-f]{16}-01\b/g, 'TRACE'],
  [/the trace (?:from|of).*$/gm, 'TRACES'],
  [/ +\d+ ms$/gm, ' TIME'],
  [/reads: \d+$/gm, 'reads: COUNT'],
  [/^\| \d+ (?=\| (?:EF|TIME))/gm, '| RECORD '],
  [/(?<=STORE\/(?:EXECUTION|-)\/)\d+/g, 'RECORD'],
  [/^(?=\| the (?:requests|records|number) ).*$/gm, 'COUNTS'],
  [/^(\| `eosflow_(?:journal_records|outbox_behind|switch_request_duration_seconds_count)[^`]*`) .*$/gm, '$1 COUNTS'],
]

/** A page with what differs from run to run named and not shown. */
export function steady(page: string) {
  return VOLATILE.reduce((text, [what, name]) => text.replace(what, name), page)
}
