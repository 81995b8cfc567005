#!/usr/bin/env node
// Plays the person at the browser: opens the address, follows the plan, reports what the landing page showed.
//
// Started by tfhelper through BROWSER, with the address as its argument. TFHELPER_BROWSER_PLAN is JSON:
//   peers        where playwright-core is installed
//   report       [host, port] that takes the report, a JSON document
//   steps        [{"check": label} | {"fill": [placeholder, text]} | {"click": button} | {"picture": name}]
//   landing      how the landing page's address begins
//   pictures     folder for the pictures
//   scheme       "light" or "dark"
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const PATIENCE_MS = 20_000;

const plan = JSON.parse(process.env.TFHELPER_BROWSER_PLAN);
const { chromium } = createRequire(join(plan.peers, 'package.json'))('playwright-core');

async function visit(browser, address) {
  const context = await browser.newContext({ colorScheme: plan.scheme, viewport: { width: 900, height: 760 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  const picture = (name) => page.screenshot({ path: join(plan.pictures, `${name}.png`), fullPage: true });

  await page.goto(address);
  for (const step of plan.steps) {
    if (step.check) await page.getByRole('radio', { name: step.check }).check();
    if (step.fill) await page.getByPlaceholder(step.fill[0]).fill(step.fill[1]);
    if (step.click) await page.getByRole('button', { name: step.click }).click();
    if (step.picture) await picture(step.picture);
  }
  await page.waitForURL((url) => url.href.startsWith(plan.landing));
  await page.waitForLoadState();
  await picture('landing');
  return {
    title: await page.title(),
    text: await page.locator('body').innerText(),
    scripts: await page.locator('script').count(),
    requests,
  };
}

async function run(address) {
  const browser = await chromium.launch({ executablePath: plan.chromium, args: FLAGS, chromiumSandbox: false });
  try {
    return await visit(browser, address);
  } finally {
    await browser.close();
  }
}

const report = await run(process.argv[2]).catch((error) => ({ error: String(error) }));
const [host, port] = plan.report;
connect(port, host).end(JSON.stringify(report));
