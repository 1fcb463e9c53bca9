import type { Device } from '../../login/confirm-ports.js'
import { aimed, oneButton, type Section } from './cabinet-parts.js'
import { deviceName } from '../../words/device-name.js'
import { html, type Html } from './html.js'
import { shortMoment } from './number.js'

export function devicesSection(devices: readonly Device[], token: string): Section | undefined {
  if (devices.length === 0) return undefined
  const body = html`<p>На этих устройствах мы не спрашиваем у вас код. Войти без Госуслуг они не дают.</p>
    <ul class="doors">
      ${devices.map(device => row(device, token))}
    </ul>`
  return { id: 'devices', title: 'Запомненные устройства', body }
}

function row({ id, name, since, trustedUntil }: Device, token: string): Html {
  const shown = deviceName(name)
  return html`<li>
    <span>
      <strong>${shown}</strong>
      <small>запомнено ${shortMoment(since)}</small>
      <small>до ${shortMoment(trustedUntil)}</small>
    </span>
    ${oneButton('/me/devices/forget', aimed(token, id), html`Забыть<span class="heard">: ${shown}</span>`, 'button quiet')}
  </li>`
}
