// The script of the control room's pages. They work without it but for what is live and for passkeys.
import { localize, setClock, tick } from './clock.ts'
import { offerPasskeys } from './passkey.ts'
import { follow } from './stream.ts'

setClock(Number(document.body.dataset.now))
localize(document)
offerPasskeys()
offerCopies()
tick()
setInterval(tick, 1000)
follow()
function offerCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = navigator.clipboard === undefined
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? '')
      button.textContent = 'Copied'
    })
  }
}
// On a narrow screen the navigation is wider than the screen.
document.querySelector('nav.main [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
