"""What comes back: returned files taken in, checked, kept in a ledger, merged, traced and chased."""
