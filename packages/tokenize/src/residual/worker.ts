import { serve } from '../crew/serve.js';
import { residualHand } from './hand.js';

serve(residualHand);
