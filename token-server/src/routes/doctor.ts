import { doctorAnswer } from '@zhongkong/shared/contract';
import { requireAllApps } from './actor.js';
import { defineRoute } from './services.js';

export const getDoctor = defineRoute({
  id: 'getDoctor',
  method: 'get',
  path: '/v1/doctor',
  group: 'Operation',
  summary: 'What is wrong, why it matters, and what to do',
  description:
    'Looks at Redis, at WeChat, at the clocks, at the secret of each app (a hundred at most), and at what is stored. It costs no token, and takes up to 20 s when something does not answer. One look at a time, and an answer is shared for three seconds.',
  access: 'admin',
  answers: [
    { status: 200, description: 'Everything that was looked at, the worst first.', schema: doctorAnswer },
  ],
  async handle({ doctor }, { client }) {
    requireAllApps(client);
    return { body: await doctor.examine() };
  },
});
