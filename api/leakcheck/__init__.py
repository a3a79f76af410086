"""An audit: does anything that readers may not see make any difference to any answer?"""
