-- The worker says itself what each roll-up sums (apps/worker/src/reports/roll-ups.ts), and compares and mends all of them by that.
DROP FUNCTION roll_up_differences(date, boolean);
DROP FUNCTION repair_roll_up(text, date);
