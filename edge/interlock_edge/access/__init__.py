"""Who may open what: pure verdicts over tokens, PINs and barcodes. Opens nothing, writes nothing, asks nobody."""
