//! The pictures and the video of a session (contract identomat, 2.2): drawn here, so nobody is on them.

use bytes::Bytes;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::picture::{avi, jpeg};
use super::session::Session;

const CARD_FRONT: &str = "
################################
#                              #
#  ########   ##############   #
#  #      #                    #
#  # #  # #   ++++++++++       #
#  #      #   ++++++           #
#  # ++++ #   ++++++++++++     #
#  #      #   ++++++           #
#  ########   ++++++++         #
#                              #
################################";

const CARD_BACK: &str = "
################################
#                              #
# ############################ #
# ############################ #
#                              #
#  ++++++++++++   ++++++++++   #
#  ++++++++       ++++++       #
#                              #
#  ++++++++++++++++++++++++++  #
#  ++++++++++++++++++++++++++  #
################################";

const PASSPORT: &str = "
########################
#                      #
#   ################   #
#                      #
#  ########  ++++++++  #
#  # #  # #  +++++     #
#  #      #  +++++++   #
#  # ++++ #  +++++     #
#  ########  ++++++    #
#                      #
#  ++++++++++++++++++  #
#  ++++++++++++++++++  #
#                      #
########################";

const FACE: &str = "
                
    ########    
   #        #   
  #          #  
  #  ##  ##  #  
  #          #  
  #    ++    #  
  #          #  
  #  ######  #  
   #        #   
    ########    
                ";

/// The same with its eyes closed.
const FACE_BLINKING: &str = "
                
    ########    
   #        #   
  #          #  
  #  ++  ++  #  
  #          #  
  #    ++    #  
  #          #  
  #  ######  #  
   #        #   
    ########    
                ";

pub(super) fn card_front(call: &Call<'_>) -> Result<Answer, Refusal> {
    picture(call, CARD_FRONT, has_card)
}

pub(super) fn card_back(call: &Call<'_>) -> Result<Answer, Refusal> {
    picture(call, CARD_BACK, has_card)
}

pub(super) fn passport(call: &Call<'_>) -> Result<Answer, Refusal> {
    picture(call, PASSPORT, |session| {
        session.asks_for_document() && session.document_type() == "passport"
    })
}

pub(super) fn face(call: &Call<'_>) -> Result<Answer, Refusal> {
    picture(call, FACE, Session::asks_for_face)
}

/// The type and the container are ours: neither is documented. The face blinks for two seconds.
pub(super) fn face_video(call: &Call<'_>) -> Result<Answer, Refusal> {
    check(call, Session::asks_for_liveness)?;
    let frames = [FACE, FACE_BLINKING, FACE, FACE_BLINKING].map(|drawing| jpeg(lines(drawing)));
    let (width, height) = (16 * 8, 12 * 8);
    let video = avi(&frames, width, height, 2);
    Ok(Answer::file("video/x-msvideo", Bytes::from(video)))
}

/// Every document but a passport is a card with two sides.
fn has_card(session: &Session) -> bool {
    session.asks_for_document() && session.document_type() != "passport"
}

fn picture(call: &Call<'_>, drawing: &str, is_there: fn(&Session) -> bool) -> Result<Answer, Refusal> {
    check(call, is_there)?;
    Ok(Answer::file("image/jpeg", Bytes::from(jpeg(lines(drawing)))))
}

/// What an answer for a file that a session does not have looks like is not documented: one client expects an
/// object with `argumentError` among others.
fn check(call: &Call<'_>, is_there: fn(&Session) -> bool) -> Result<(), Refusal> {
    call.parameters.only(&["session_token"])?;
    let session = call.session()?;
    if session.has_data() && is_there(&session) {
        Ok(())
    } else {
        Err(Refusal::argument("the session has no such file"))
    }
}

/// A drawing without the line break before it.
fn lines(drawing: &str) -> &str {
    drawing.strip_prefix('\n').unwrap_or(drawing)
}
