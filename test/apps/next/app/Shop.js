'use client';

import { useEffect, useState } from 'react';
import { run } from '../run.js';

/** Brings the packages into what browsers get, too. */
export function Shop({ server }) {
  const [client, setClient] = useState('');
  useEffect(() => {
    run().then(setClient);
  }, []);
  return (
    <p>
      {server} {client}
    </p>
  );
}
