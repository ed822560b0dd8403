import { run } from '../run.js';
import { Shop } from './Shop.js';

export const dynamic = 'force-dynamic';

export default async function Page() {
  return <Shop server={await run()} />;
}
