import { serve } from '../crew/serve.js';
import { tokenHand } from './hand.js';

serve(tokenHand);
