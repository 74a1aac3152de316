import { serve } from '../crew/serve.js';
import { sealHand } from './hand.js';

serve(sealHand);
